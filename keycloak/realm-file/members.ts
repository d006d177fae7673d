/** Every member of Keycloak 26.7.3's representation classes, deprecated ones included: what its importer accepts, by kind. */
export const MEMBERS = {
  realm: words(`
    id realm displayName displayNameHtml notBefore defaultSignatureAlgorithm revokeRefreshToken
    refreshTokenMaxReuse accessTokenLifespan accessTokenLifespanForImplicitFlow ssoSessionIdleTimeout
    ssoSessionMaxLifespan ssoSessionIdleTimeoutRememberMe ssoSessionMaxLifespanRememberMe
    offlineSessionIdleTimeout offlineSessionMaxLifespanEnabled offlineSessionMaxLifespan
    clientSessionIdleTimeout clientSessionMaxLifespan clientOfflineSessionIdleTimeout
    clientOfflineSessionMaxLifespan accessCodeLifespan accessCodeLifespanUserAction accessCodeLifespanLogin
    actionTokenGeneratedByAdminLifespan actionTokenGeneratedByUserLifespan oauth2DeviceCodeLifespan
    oauth2DevicePollingInterval enabled sslRequired passwordCredentialGrantAllowed registrationAllowed
    registrationEmailAsUsername rememberMe verifyEmail loginWithEmailAllowed duplicateEmailsAllowed
    resetPasswordAllowed editUsernameAllowed userCacheEnabled realmCacheEnabled bruteForceProtected
    permanentLockout maxTemporaryLockouts bruteForceStrategy maxFailureWaitSeconds minimumQuickLoginWaitSeconds
    waitIncrementSeconds quickLoginCheckMilliSeconds maxDeltaTimeSeconds failureFactor maxSecondaryAuthFailures
    privateKey publicKey certificate codeSecret roles groups defaultRoles defaultRole adminPermissionsClient
    defaultGroups requiredCredentials passwordPolicy otpPolicyType otpPolicyAlgorithm otpPolicyInitialCounter
    otpPolicyDigits otpPolicyLookAheadWindow otpPolicyPeriod otpPolicyCodeReusable otpSupportedApplications
    localizationTexts webAuthnPolicyRpEntityName webAuthnPolicySignatureAlgorithms webAuthnPolicyRpId
    webAuthnPolicyAttestationConveyancePreference webAuthnPolicyAuthenticatorAttachment
    webAuthnPolicyRequireResidentKey webAuthnPolicyResidentKey webAuthnPolicyUserVerificationRequirement
    webAuthnPolicyCreateTimeout webAuthnPolicyAvoidSameAuthenticatorRegister webAuthnPolicyAcceptableAaguids
    webAuthnPolicyExtraOrigins webAuthnPolicyPasswordlessRpEntityName
    webAuthnPolicyPasswordlessSignatureAlgorithms webAuthnPolicyPasswordlessRpId
    webAuthnPolicyPasswordlessAttestationConveyancePreference webAuthnPolicyPasswordlessAuthenticatorAttachment
    webAuthnPolicyPasswordlessRequireResidentKey webAuthnPolicyPasswordlessResidentKey
    webAuthnPolicyPasswordlessUserVerificationRequirement webAuthnPolicyPasswordlessCreateTimeout
    webAuthnPolicyPasswordlessAvoidSameAuthenticatorRegister webAuthnPolicyPasswordlessAcceptableAaguids
    webAuthnPolicyPasswordlessExtraOrigins webAuthnPolicyPasswordlessPasskeysEnabled
    webAuthnPolicyPasswordlessMediation clientProfiles clientPolicies users federatedUsers scopeMappings
    clientScopeMappings clients clientScopes defaultDefaultClientScopes defaultOptionalClientScopes
    browserSecurityHeaders smtpServer userFederationProviders userFederationMappers loginTheme accountTheme
    adminTheme emailTheme eventsEnabled eventsExpiration eventsListeners enabledEventTypes adminEventsEnabled
    adminEventsDetailsEnabled identityProviders identityProviderMappers protocolMappers components
    internationalizationEnabled supportedLocales defaultLocale authenticationFlows authenticatorConfig
    requiredActions browserFlow registrationFlow directGrantFlow resetCredentialsFlow clientAuthenticationFlow
    dockerAuthenticationFlow firstBrokerLoginFlow attributes keycloakVersion userManagedAccessAllowed
    organizationsEnabled organizations verifiableCredentialsEnabled adminPermissionsEnabled social
    updateProfileOnInitialSocialLogin socialProviders applicationScopeMappings applications oauthClients
    clientTemplates scimApiEnabled
  `),
  client: words(`
    id clientId name description type rootUrl adminUrl baseUrl surrogateAuthRequired enabled
    alwaysDisplayInConsole clientAuthenticatorType secret registrationAccessToken defaultRoles redirectUris
    webOrigins notBefore bearerOnly consentRequired standardFlowEnabled implicitFlowEnabled
    directAccessGrantsEnabled serviceAccountsEnabled authorizationServicesEnabled directGrantsOnly publicClient
    frontchannelLogout protocol attributes authenticationFlowBindingOverrides fullScopeAllowed
    nodeReRegistrationTimeout registeredNodes protocolMappers clientTemplate useTemplateConfig useTemplateScope
    useTemplateMappers defaultClientScopes optionalClientScopes authorizationSettings access origin
  `),
  clientScope: words(`
    id name description protocol attributes protocolMappers
  `),
  protocolMapper: words(`
    id name protocol protocolMapper consentRequired consentText config
  `),
  role: words(`
    id name description scopeParamRequired composite composites clientRole containerId attributes
  `),
  group: words(`
    id name description path parentId subGroupCount subGroups attributes realmRoles clientRoles access
  `),
  user: words(`
    id username firstName lastName email emailVerified attributes userProfileMetadata enabled self origin
    createdTimestamp totp federationLink serviceAccountClientId credentials disableableCredentialTypes
    requiredActions federatedIdentities realmRoles clientRoles clientConsents notBefore verifiableCredentials
    issuedVerifiableCredentials applicationRoles socialLinks groups access
  `),
  credential: words(`
    id type userLabel createdDate secretData credentialData priority value temporary device hashedSaltedValue
    salt hashIterations counter algorithm digits period config federationLink
  `),
  scopeMapping: words(`
    self client clientTemplate clientScope roles
  `),
} as const

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/)
}
