/** A certificate for `receiver.example` that no authority stands behind, with its key: of tests alone. */
export const receiverKey = `
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgFY37EJRMHjPFVpY2
Sndv/xUKYGmF6oGsqsq2wLs0Au+hRANCAARpKoE9+HS0WhnuekdUC6SG0jJZ0LED
+msntCx1z3hhAjoGBmTfFW/sl6oM8HciYBmap4OO+RRP5X84FDZ/H88N
-----END PRIVATE KEY-----
`.trim();

/** The certificate itself, also what to trust for it. */
export const receiverCertificate = `
-----BEGIN CERTIFICATE-----
MIIBqjCCAVCgAwIBAgIUSQTmb8kzzVGOqaE8Jvg1nGlwPWgwCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQcmVjZWl2ZXIuZXhhbXBsZTAgFw0yNjExMjQxOTA1MjlaGA8y
MTI2MTAzMTE5MDUyOVowGzEZMBcGA1UEAwwQcmVjZWl2ZXIuZXhhbXBsZTBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABGkqgT34dLRaGe56R1QLpIbSMlnQsQP6aye0
LHXPeGECOgYGZN8Vb+yXqgzwdyJgGZqng475FE/lfzgUNn8fzw2jcDBuMB0GA1Ud
DgQWBBRDgMZlXqhxGm3g8dubSDfulFgeLTAfBgNVHSMEGDAWgBRDgMZlXqhxGm3g
8dubSDfulFgeLTAPBgNVHRMBAf8EBTADAQH/MBsGA1UdEQQUMBKCEHJlY2VpdmVy
LmV4YW1wbGUwCgYIKoZIzj0EAwIDSAAwRQIhAJECzC8UxY6fuYBt4M5pMRgxZeQH
38JM/QcOEy52NsX+AiBmlv8Mri5Y9mFR8XkeSyHjAk6hXuKupntTy/PjUyg5+w==
-----END CERTIFICATE-----
`.trim();
