//! What the import of foreign hashes promises, against vectors of independent implementations.

mod random;
mod rules;
mod sealing;
mod vectors;

use std::sync::Arc;

use super::{ForeignHash, HmacKey, HmacKeyId, Lookup};

/// Stands for the key that a store derives from its pepper.
const ID_KEY: [u8; 32] = [7; 32];

fn id_of(key: &HmacKey) -> HmacKeyId {
    key.id(&ID_KEY)
}

/// What comes back when `hash` goes through the database.
fn stored_and_read(hash: &ForeignHash) -> ForeignHash {
    let scheme = hash.scheme(id_of);
    let key_of = |id| match scheme {
        Some(super::Scheme::HmacSha256 { id: known, key }) if known == id => Some(Arc::clone(&key)),
        _ => None,
    };
    ForeignHash::from_stored(&hash.to_stored(id_of), key_of).unwrap()
}

fn parse(format: &str, value: &str) -> ForeignHash {
    ForeignHash::parse(format, value, None).unwrap()
}

fn lookup_of(hash: &ForeignHash) -> Lookup {
    hash.lookup().unwrap()
}

/// `$2b$04$…` of the secret `a`, made with Python's bcrypt.
const BCRYPT_OF_A: &str = "$2b$04$l7wOI0OIn8P73ftNwKO/YO6EnfmtHD/91LuzFnybvaZ9p2DMmxGcO";

/// PBKDF2 of the secret `a` with one iteration, made with Django.
const PBKDF2_OF_A: &str = "pbkdf2_sha256$1$salt$X9yxbRT5YdW4qmdZJ8JNfYLPK4rzqIsAng9+KK21vxY=";
