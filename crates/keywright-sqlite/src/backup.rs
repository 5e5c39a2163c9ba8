//! Makes a backup while the store is in use: database, pepper and revocation log in one encrypted
//! file.
