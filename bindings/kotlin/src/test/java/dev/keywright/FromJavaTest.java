package dev.keywright;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Java writes: no coroutines, no default arguments, no names that it can't say. */
class FromJavaTest {
    @Test
    void aKeysWholeLife() {
        try (var keys = BlockingKeyManager.open("memory:", new OpenOptions().brand("acme"))) {
            var options = new CreateOptions().owner("cust_42").scopes(List.of("read")).expiresIn(Duration.ofDays(30));
            Created created = keys.create("billing", options);
            String secret = created.getSecret().reveal();
            assertTrue(secret.startsWith("acme_live_kw1"));

            assertTrue(keys.verify(secret).isValid());
            assertEquals(VerifyCode.INSUFFICIENT_SCOPE, keys.verify(secret, new VerifyOptions().scopes(List.of("write"))).getCode());
            assertEquals("cust_42", keys.identify(secret).getOwner().getId());

            String id = created.getKey().getId();
            Created rotated = keys.rotate(id, Duration.ZERO);
            assertFalse(keys.verify(secret).isValid());
            assertEquals(2L, rotated.getKey().getVersions().get(1).getNumber());

            keys.update(id, new UpdateOptions().scopes(null));
            assertEquals(null, keys.get(id).getScopes());
            keys.revoke(id, RevocationReason.KEY_COMPROMISE);
            assertEquals(VerifyCode.COMPROMISED, keys.verify(rotated.getSecret()).getCode());

            BlockingPage<ApiKey> page = keys.list(new ListOptions().includeRevoked(true).limit(1));
            assertEquals(1, page.getData().size());
            assertFalse(page.hasMore());
            assertEquals(id, keys.audit(new AuditOptions().objectId(id)).getData().get(0).getObjectId());
            assertTrue(keys.exportKeys().findFirst().isPresent());
        }
    }

    @Test
    void anErrorHasItsCode() {
        try (var keys = BlockingKeyManager.open("memory:")) {
            var error = assertThrows(KeywrightException.NotFound.class, () -> keys.get("key_000000000000000000000000"));
            assertEquals("not_found", Words.getStableName(error.getCode()));
        }
    }

    @Test
    void theApplicationsOwnStoreOfSecrets() {
        var secrets = new InMemorySecretStore();
        BlockingKeyManager.open("memory:", new OpenOptions().secretStore(secrets)).close();
        assertTrue(secrets.load(KeyManager.PEPPER_NAME) != null);
    }
}
