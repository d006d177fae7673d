import { createSecureContext, type SecureContext } from 'node:tls'
import type { RouteConfig } from '../../platform/config/routes-schema.ts'
import type { CertificateKeeper } from '../../platform/tls/certificate-keeper.ts'
import type { TlsMaterial } from '../../platform/tls/tls-material.ts'

type Route = Pick<RouteConfig, 'id' | 'tls'>

/** How the gateway proves itself to an upstream and whom it believes, at the moment. */
export interface UpstreamContext {
  /** For `tls.connect`. Verification is written out, so that nothing in the environment turns it off. */
  options(): UpstreamTlsOptions
  /** From then on new connections are made with other certificates. */
  onChange(renew: () => void): void
}

export interface UpstreamTlsOptions {
  secureContext: SecureContext
  rejectUnauthorized: true
  /** The name in the certificate, where it is not the one in the address. */
  servername?: string
}

/** The TLS settings of routes, shared by routes that have the same ones. @throws Error when certificates cannot be read any more */
export function createUpstreamContexts(keeper: Pick<CertificateKeeper, 'keep'>): (route: Route) => UpstreamContext {
  const known = new Map<string, UpstreamContext>()
  return function contextOf({ id, tls = {} }) {
    const key = JSON.stringify([tls.ca, tls.cert, tls.key, tls.serverName])
    const context = known.get(key) ?? createContext(keeper, id, tls)
    known.set(key, context)
    return context
  }
}

function createContext(
  keeper: Pick<CertificateKeeper, 'keep'>,
  id: string,
  { serverName, ...files }: NonNullable<Route['tls']>,
): UpstreamContext {
  const listeners: (() => void)[] = []
  let secureContext = contextFrom({})
  if (files.ca !== undefined || files.cert !== undefined) {
    const material = keeper.keep(`upstream:${id}`, files, (changed) => {
      secureContext = contextFrom(changed)
      for (const renew of listeners) renew()
    })
    secureContext = contextFrom(material)
  }
  const name = serverName === undefined ? {} : { servername: serverName }
  return {
    options: () => ({ secureContext, rejectUnauthorized: true, ...name }),
    onChange: (renew) => void listeners.push(renew),
  }
}

function contextFrom({ ca, cert, key }: Partial<TlsMaterial>): SecureContext {
  return createSecureContext({
    minVersion: 'TLSv1.2',
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  })
}
