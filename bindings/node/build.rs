//! Lets the library leave Node's own functions to be found when Node loads it.

fn main() {
    napi_build::setup();
}
