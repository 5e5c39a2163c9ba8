package dev.keywright.android

import android.content.Context
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import dev.keywright.Secret
import dev.keywright.SecretStore
import java.io.File
import java.io.FileNotFoundException
import java.security.KeyStore
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * Keeps secrets encrypted by AES-256-GCM under a key that lies in the Android Keystore and never leaves it. What is
 * encrypted lies in the app's own files, apart from backups.
 *
 * minSdk 23 (Android 6).
 *
 * @param context any of the app's
 * @param alias the key's name in the keystore
 */
public class KeystoreSecretStore(context: Context, private val alias: String = "keywright") : SecretStore {
    private val folder = File(context.applicationContext.noBackupFilesDir, "keywright").apply { mkdirs() }

    override fun load(name: String): Secret? {
        val sealed = try {
            file(name).readBytes()
        } catch (_: FileNotFoundException) {
            return null
        }
        val cipher = Cipher.getInstance(TRANSFORMATION)
        cipher.init(Cipher.DECRYPT_MODE, key(), GCMParameterSpec(TAG_BITS, sealed, 0, NONCE_BYTES))
        // Bound to its name: files can't change places.
        cipher.updateAAD(name.toByteArray())
        val plain = cipher.doFinal(sealed, NONCE_BYTES, sealed.size - NONCE_BYTES)
        return Secret(plain).also { plain.fill(0) }
    }

    override fun save(name: String, secret: Secret) {
        val cipher = Cipher.getInstance(TRANSFORMATION)
        // The keystore chooses the nonce, a new one each time.
        cipher.init(Cipher.ENCRYPT_MODE, key())
        cipher.updateAAD(name.toByteArray())
        val plain = secret.reveal().toByteArray()
        val sealed = try {
            cipher.iv + cipher.doFinal(plain)
        } finally {
            plain.fill(0)
        }
        // Whole or not at all.
        val draft = File.createTempFile("draft", null, folder)
        draft.outputStream().use {
            it.write(sealed)
            it.fd.sync()
        }
        check(draft.renameTo(file(name))) { "the file can't be put in its place" }
    }

    override fun delete(name: String) {
        file(name).delete()
    }

    private fun file(name: String): File {
        require(NAME.matches(name)) { "a name of a secret has 1 to 128 of A-Z, a-z, 0-9, _, . and -, and begins with no dot" }
        return File(folder, name)
    }

    private fun key(): SecretKey {
        val keys = KeyStore.getInstance(PROVIDER).apply { load(null) }
        (keys.getKey(alias, null) as? SecretKey)?.let { return it }
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        val spec = KeyGenParameterSpec.Builder(alias, purposes)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .setKeySize(256)
            .build()
        return KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, PROVIDER).run {
            init(spec)
            generateKey()
        }
    }

    private companion object {
        const val PROVIDER = "AndroidKeyStore"
        const val TRANSFORMATION = "AES/GCM/NoPadding"
        const val NONCE_BYTES = 12
        const val TAG_BITS = 128
        val NAME = Regex("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}")
    }
}
