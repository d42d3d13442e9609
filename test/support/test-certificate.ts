/**
 * A self-signed certificate for `localhost` and 127.0.0.1 until 2126, and its key. For tests only: known to
 * everybody, so nothing may ever trust it.
 *
 * @module
 */

/** PEM. */
export const TEST_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUG2wqw9wiHihFAwlU3f0MjWGEitQwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDIxNDIxMFoYDzIxMjYxMDMx
MjE0MjEwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQKUUzCKc1h7gGaNQttgvjum4kzjXegWcKJEKjpPoWFFcxP/xox5PE4
KBuG3ZcoJZui5rlg4kEkTFDxLS5jCsFao28wbTAdBgNVHQ4EFgQUJjWTbCFaxdTX
LiytE2GUIgWBAGgwHwYDVR0jBBgwFoAUJjWTbCFaxdTXLiytE2GUIgWBAGgwGgYD
VR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZI
zj0EAwIDSAAwRQIhAJA4d0SAKyvZfTcOmBNBZaqCjLW4ChJedy2UzlwT07/QAiAJ
ucYF2Ug/6PwtvljJJvIoeoDtQnMuC8sF+vv2ftrPDQ==
-----END CERTIFICATE-----
`;

/** PEM. */
export const TEST_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgV8aKwlZt+3q/2euk
gU9z0itQojJgVOTASNo3rbgERO6hRANCAAQKUUzCKc1h7gGaNQttgvjum4kzjXeg
WcKJEKjpPoWFFcxP/xox5PE4KBuG3ZcoJZui5rlg4kEkTFDxLS5jCsFa
-----END PRIVATE KEY-----
`;
