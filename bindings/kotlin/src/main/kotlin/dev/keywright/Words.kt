@file:JvmName("Words")

package dev.keywright

private val words: NativeWords by lazy { nativeWords() }

/** The stable name, in `snake_case`: for logs, for the wire, and the same in every language. */
public val KeyClass.stableName: String get() = words.keyClass[ordinal]

/** The stable name, in `snake_case`. */
public val KeyStatus.stableName: String get() = words.keyStatus[ordinal]

/** The stable name, in `snake_case`. */
public val VersionStatus.stableName: String get() = words.versionStatus[ordinal]

/** The stable name, in `snake_case`. */
public val OwnerKind.stableName: String get() = words.ownerKind[ordinal]

/** The stable name, in `snake_case`. */
public val RevocationReason.stableName: String get() = words.revocationReason[ordinal]

/** The stable name, in `snake_case`. */
public val VerifyCode.stableName: String get() = words.verifyCode[ordinal]

/** The stable name, in `snake_case`. */
public val ErrorCode.stableName: String get() = words.errorCode[ordinal]

/** The stable name, in `snake_case`. */
public val LogLevel.stableName: String get() = words.logLevel[ordinal]

/** The stable name, in `snake_case`. */
public val ErrorForm.stableName: String get() = words.errorForm[ordinal]

/** The stable name, in `snake_case`. */
public val AuthorizeCode.stableName: String get() = words.authorizeCode[ordinal]

/** The class of that stable name. */
public fun KeyClass.Companion.named(name: String): KeyClass = told { nativeKeyClass(name) }

/** The status of that stable name. */
public fun KeyStatus.Companion.named(name: String): KeyStatus = told { nativeKeyStatus(name) }

/** The reason of that stable name. */
public fun RevocationReason.Companion.named(name: String): RevocationReason = told { nativeRevocationReason(name) }

/** The form of that stable name. */
public fun ErrorForm.Companion.named(name: String): ErrorForm = told { nativeErrorForm(name) }
