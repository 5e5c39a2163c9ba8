package dev.keywright.android

import android.content.Context
import android.content.ContextWrapper
import dev.keywright.KeyManager
import dev.keywright.Secret
import java.io.File
import java.io.InputStream
import java.io.OutputStream
import java.nio.file.Files
import java.security.Key
import java.security.KeyStoreSpi
import java.security.Provider
import java.security.SecureRandom
import java.security.Security
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.util.Collections
import java.util.Date
import java.util.Enumeration
import javax.crypto.AEADBadTagException
import javax.crypto.KeyGenerator
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey
import kotlin.test.AfterTest
import kotlin.test.BeforeTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking

/** Keys of the stand-in for the keystore that only a phone has. */
private val keys = mutableMapOf<String, SecretKey>()

/** A keystore in memory under Android's name: what is tested is what lies above it. */
private class StandIn : Provider("AndroidKeyStore", "1", "a stand-in") {
    init {
        put("KeyStore.AndroidKeyStore", Store::class.java.name)
        put("KeyGenerator.AES", Generator::class.java.name)
    }

    class Generator : KeyGeneratorSpi() {
        private var alias = ""

        override fun engineInit(random: SecureRandom?) = Unit

        override fun engineInit(spec: AlgorithmParameterSpec, random: SecureRandom?) {
            spec as android.security.keystore.KeyGenParameterSpec
            check(spec.keySize == 256 && spec.blockModes.single() == "GCM" && spec.isRandomizedEncryptionRequired)
            alias = spec.keystoreAlias
        }

        override fun engineInit(size: Int, random: SecureRandom?) = Unit

        override fun engineGenerateKey(): SecretKey =
            KeyGenerator.getInstance("AES", "SunJCE").apply { init(256) }.generateKey().also { keys[alias] = it }
    }

    class Store : KeyStoreSpi() {
        override fun engineGetKey(alias: String, password: CharArray?): Key? = keys[alias]

        override fun engineLoad(stream: InputStream?, password: CharArray?) = Unit

        override fun engineGetCertificateChain(alias: String): Array<Certificate>? = null

        override fun engineGetCertificate(alias: String): Certificate? = null

        override fun engineGetCreationDate(alias: String): Date? = null

        override fun engineSetKeyEntry(alias: String, key: Key, password: CharArray?, chain: Array<Certificate>?) = Unit

        override fun engineSetKeyEntry(alias: String, key: ByteArray, chain: Array<Certificate>?) = Unit

        override fun engineSetCertificateEntry(alias: String, certificate: Certificate) = Unit

        override fun engineDeleteEntry(alias: String) = Unit

        override fun engineAliases(): Enumeration<String> = Collections.enumeration(keys.keys)

        override fun engineContainsAlias(alias: String): Boolean = alias in keys

        override fun engineSize(): Int = keys.size

        override fun engineIsKeyEntry(alias: String): Boolean = alias in keys

        override fun engineIsCertificateEntry(alias: String): Boolean = false

        override fun engineGetCertificateAlias(certificate: Certificate): String? = null

        override fun engineStore(stream: OutputStream?, password: CharArray?) = Unit
    }
}

/** What Android's keystore is for, on Android's own classes; the keystore itself is a stand-in. */
class KeystoreSecretStoreTest {
    private val folder: File = Files.createTempDirectory("keywright-").toFile()
    private val context = object : ContextWrapper(null) {
        override fun getApplicationContext(): Context = this

        override fun getNoBackupFilesDir(): File = folder
    }

    @BeforeTest
    fun begin() {
        Security.addProvider(StandIn())
    }

    @AfterTest
    fun end() {
        Security.removeProvider("AndroidKeyStore")
        keys.clear()
        folder.deleteRecursively()
    }

    private fun files(): List<File> = folder.walk().filter { it.isFile }.toList()

    @Test
    fun `what is saved is given back, and lies encrypted`() {
        val store = KeystoreSecretStore(context)
        assertNull(store.load("a"))
        store.save("a", Secret("one"))
        store.save("a", Secret("a secret that is long enough to be found"))
        assertEquals("a secret that is long enough to be found", KeystoreSecretStore(context).load("a")!!.reveal())
        assertEquals(1, files().size)
        assertFalse(files().single().readBytes().toString(Charsets.ISO_8859_1).contains("long enough"))
        store.delete("a")
        store.delete("a")
        assertNull(store.load("a"))
    }

    @Test
    fun `a file that was changed, or put in another's place, is none`() {
        val store = KeystoreSecretStore(context)
        store.save("a", Secret("one"))
        store.save("b", Secret("two"))
        val (a, b) = files().sortedBy { it.name }
        b.copyTo(a, overwrite = true)
        assertFailsWith<AEADBadTagException> { store.load("a") }
        assertEquals("two", store.load("b")!!.reveal())
    }

    @Test
    fun `a name is no path`() {
        for (name in listOf("", "..", "a/b", ".a", "a".repeat(129))) {
            assertFailsWith<IllegalArgumentException> { KeystoreSecretStore(context).save(name, Secret("x")) }
        }
    }

    @Test
    fun `it keeps the pepper of a store of keys`() = runBlocking {
        val path = File(folder, "keys.db").path
        val secret = KeyManager.open(path, secretStore = KeystoreSecretStore(context)).use { it.create("a").secret.reveal() }
        KeyManager.open(path, secretStore = KeystoreSecretStore(context)).use { assertTrue(it.verify(secret).valid) }
    }
}
