// The AAR: the Kotlin package's sources, what is Android's own, and the library for four ABIs. `build-aar.sh` fills
// build/jniLibs and the generated sources before Gradle runs.

plugins {
    id("com.android.library") version "8.13.0"
    kotlin("android") version "2.4.21"
    `maven-publish`
}

group = "dev.keywright"
version = "0.1.0"

android {
    namespace = "dev.keywright.android"
    compileSdk = 36
    defaultConfig {
        minSdk = 24
        consumerProguardFiles("consumer-rules.pro")
    }
    compileOptions {
        // java.time is not there before Android 8.
        isCoreLibraryDesugaringEnabled = true
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    sourceSets["main"].apply {
        kotlin.srcDirs("src/main/kotlin", "../src/main/kotlin", "build/generated")
        jniLibs.srcDir("build/jniLibs")
    }
    publishing { singleVariant("release") { withSourcesJar() } }
}

dependencies {
    api("org.jetbrains.kotlinx:kotlinx-coroutines-android:1.11.0")
    implementation("net.java.dev.jna:jna:5.19.1@aar")
    coreLibraryDesugaring("com.android.tools:desugar_jdk_libs:2.1.5")
}

publishing.publications.register<MavenPublication>("release") {
    artifactId = "keywright-android"
    afterEvaluate { from(components["release"]) }
}
