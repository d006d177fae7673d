/**
 * Names Keycloak 26.7.3 brings with it (read from `/admin/serverinfo` and from the export of an empty realm). A realm file
 * may refer to them without declaring them; every other name it uses has to be declared in the file.
 */
export const MAPPER_TYPES = words(`
  oidc-acr-mapper oidc-address-mapper oidc-allowed-origins-mapper oidc-amr-mapper oidc-audience-mapper
  oidc-audience-resolve-mapper oidc-claims-param-token-mapper oidc-claims-param-value-idtoken-mapper oidc-full-name-mapper
  oidc-group-membership-mapper oidc-hardcoded-claim-mapper oidc-hardcoded-role-mapper oidc-nonce-backwards-compatible-mapper
  oidc-organization-group-membership-mapper oidc-organization-membership-mapper oidc-role-name-mapper
  oidc-session-state-mapper oidc-sha256-pairwise-sub-mapper oidc-sub-mapper oidc-usermodel-attribute-mapper
  oidc-usermodel-client-role-mapper oidc-usermodel-property-mapper oidc-usermodel-realm-role-mapper
  oidc-usersessionmodel-note-mapper`)

export const EVENT_LISTENERS = words('jboss-logging email workflow-event-listener')

/** Each of them may be followed by `_ERROR`. */
export const EVENT_TYPES = words(`
  AUTHREQID_TO_TOKEN CLIENT_DELETE CLIENT_INFO CLIENT_INITIATED_ACCOUNT_LINKING CLIENT_LOGIN CLIENT_REGISTER CLIENT_UPDATE
  CODE_TO_TOKEN CUSTOM_REQUIRED_ACTION DELETE_ACCOUNT EXECUTE_ACTIONS EXECUTE_ACTION_TOKEN FEDERATED_IDENTITY_LINK
  FEDERATED_IDENTITY_OVERRIDE_LINK GRANT_CONSENT IDENTITY_PROVIDER_FIRST_LOGIN IDENTITY_PROVIDER_LINK_ACCOUNT
  IDENTITY_PROVIDER_LOGIN IDENTITY_PROVIDER_POST_LOGIN IDENTITY_PROVIDER_RESPONSE IDENTITY_PROVIDER_RETRIEVE_TOKEN
  IMPERSONATE INTROSPECT_TOKEN INVALID_SIGNATURE INVITE_ORG JWT_AUTHORIZATION_GRANT LOGIN LOGOUT OAUTH2_DEVICE_AUTH
  OAUTH2_DEVICE_CODE_TO_TOKEN OAUTH2_DEVICE_VERIFY_USER_CODE OAUTH2_EXTENSION_GRANT PERMISSION_TOKEN
  PUSHED_AUTHORIZATION_REQUEST REFRESH_TOKEN REGISTER REGISTER_NODE REMOVE_CREDENTIAL REMOVE_FEDERATED_IDENTITY REMOVE_TOTP
  RESET_PASSWORD RESTART_AUTHENTICATION REVOKE_GRANT SEND_IDENTITY_PROVIDER_LINK SEND_RESET_PASSWORD SEND_VERIFY_EMAIL
  TOKEN_EXCHANGE UNREGISTER_NODE UPDATE_CONSENT UPDATE_CREDENTIAL UPDATE_EMAIL UPDATE_PASSWORD UPDATE_PROFILE UPDATE_TOTP
  USER_DISABLED_BY_PERMANENT_LOCKOUT USER_DISABLED_BY_TEMPORARY_LOCKOUT USER_INFO_REQUEST USER_SESSION_DELETED
  VALIDATE_ACCESS_TOKEN VERIFIABLE_CREDENTIAL_CREATE_OFFER VERIFIABLE_CREDENTIAL_NONCE_REQUEST
  VERIFIABLE_CREDENTIAL_OFFER_REQUEST VERIFIABLE_CREDENTIAL_PRE_AUTHORIZED_GRANT VERIFIABLE_CREDENTIAL_REQUEST VERIFY_EMAIL
  VERIFY_PROFILE`)

export const SIGNATURE_ALGORITHMS = words('RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA')

export const PASSWORD_POLICIES = words(`
  digits forceExpiredPasswordChange hashAlgorithm hashIterations length lowerCase maxAuthAge maxLength notContainsUsername
  notEmail notUsername passwordAge passwordBlacklist passwordHistory recoveryCodesWarningThreshold regexPattern specialChars
  upperCase`)

export const PASSWORD_HASHES = words('argon2 pbkdf2 pbkdf2-sha256 pbkdf2-sha512')

/** The scopes a client needs for tokens with `sub`, roles, profile and e-mail. */
export const ESSENTIAL_SCOPES = words('basic acr roles web-origins profile email')

export const CLIENT_SCOPES = [
  ...ESSENTIAL_SCOPES,
  ...words('address microprofile-jwt offline_access organization phone service_account'),
]

/** Clients that are in every realm, with the roles they own. */
export const CLIENT_ROLES: Readonly<Record<string, readonly string[]>> = {
  account:
    words(`delete-account manage-account manage-account-links manage-consent view-applications view-consent view-groups
    view-profile`),
  'account-console': [],
  'admin-cli': [],
  broker: words('read-token'),
  'realm-management': words(`create-client impersonation manage-authorization manage-clients manage-events
    manage-identity-providers manage-organizations manage-realm manage-users query-clients query-groups query-organizations
    query-realms query-users realm-admin view-authorization view-clients view-events view-identity-providers
    view-organizations view-realm view-users`),
  'security-admin-console': [],
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/)
}
