const EXPIRED = 'its certificate has expired or is not valid yet'
const UNKNOWN_ISSUER = 'its certificate was issued by an authority that is not trusted (see tls.ca)'
const CLIENT_REFUSED = "it refused the gateway's client certificate, or asks for one (see tls.cert and tls.key)"
const NO_AGREEMENT = 'the two found no protocol version or cipher in common'

const FAILURES: Record<string, string> = {
  CERT_HAS_EXPIRED: EXPIRED,
  CERT_NOT_YET_VALID: EXPIRED,
  CERT_REVOKED: 'its certificate was revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name (see tls.serverName)',
  HOSTNAME_MISMATCH: 'its certificate is for another host name (see tls.serverName)',
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_ISSUER,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_ISSUER,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_ISSUER,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_ISSUER,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_ISSUER,
  CERT_SIGNATURE_FAILURE: UNKNOWN_ISSUER,
  CERT_UNTRUSTED: UNKNOWN_ISSUER,
  INVALID_CA: UNKNOWN_ISSUER,
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS on this port',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS on this port',
  ERR_SSL_HTTP_REQUEST: 'it does not speak TLS on this port',
  ERR_SSL_UNSUPPORTED_PROTOCOL: NO_AGREEMENT,
}

const CLIENT_ALERT = /ALERT_(CERTIFICATE_|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/
const AGREEMENT_ALERT = /ALERT_(PROTOCOL_VERSION|INSUFFICIENT_SECURITY|HANDSHAKE_FAILURE|NO_APPLICATION_PROTOCOL)/

/**
 * What went wrong between two ends of TLS, in the words of whoever has to mend it; undefined when it was something else.
 * @param code of an error of node:tls: OpenSSL's name of the check, or of the alert that the other side sent
 */
export function tlsFailure(code: string): string | undefined {
  if (Object.hasOwn(FAILURES, code)) return FAILURES[code]
  if (CLIENT_ALERT.test(code)) return CLIENT_REFUSED
  if (AGREEMENT_ALERT.test(code)) return `${NO_AGREEMENT}, or it asks for a client certificate`
  return /^ERR_(SSL|TLS)_/.test(code) ? 'the TLS handshake failed' : undefined
}
