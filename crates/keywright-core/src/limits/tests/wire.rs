//! Limits in JSON: one spelling, strict, exact.

use super::*;

fn read(json: &str) -> Result<Limit, serde_json::Error> {
    serde_json::from_str(json)
}

#[test]
fn each_kind_is_written_and_read_in_its_one_form() {
    let spend = Limit::new(
        "spend".parse().unwrap(),
        Unit::Money { currency: *b"EUR" },
        MAX_CAPACITY,
        Replenish::Never,
    );
    let forms = [
        (
            parse_rate("100/60s"),
            r#"{"name":"rate_limit","unit":"requests","capacity":100,"window_seconds":60}"#,
        ),
        (
            credits(1_000),
            r#"{"name":"credits","unit":"credits","capacity":1000}"#,
        ),
        (
            credits_with_refill(1_000, 100, 3_600),
            r#"{"name":"credits","unit":"credits","capacity":1000,"refill_amount":100,"refill_seconds":3600}"#,
        ),
        (
            spend,
            r#"{"name":"spend","unit":"micro_eur","capacity":9007199254740992}"#,
        ),
    ];
    for (limit, json) in forms {
        let limit = limit.unwrap();
        assert_eq!(serde_json::to_string(&limit).unwrap(), json);
        assert_eq!(read(json).unwrap(), limit);
    }
}

#[test]
fn anything_else_is_refused() {
    let with = |fields: &str| format!(r#"{{"name":"n","unit":"requests","capacity":1{fields}}}"#);
    assert!(read(&with("")).is_ok());
    assert!(read(&with(r#","window_seconds":1"#)).is_ok());
    let bad = [
        r#","window_seconds":0"#,
        r#","window_seconds":31622401"#,
        r#","window_seconds":-1"#,
        r#","window_seconds":1.5"#,
        r#","window_seconds":"60""#,
        r#","window_seconds":1,"window_seconds":1"#,
        r#","window_seconds":1,"refill_amount":1,"refill_seconds":1"#,
        r#","window_seconds":1,"refill_amount":1"#,
        r#","refill_amount":1"#,
        r#","refill_seconds":1"#,
        r#","refill_amount":0,"refill_seconds":1"#,
        r#","refill_amount":1,"refill_seconds":0"#,
        r#","window":60"#,
        r#","Capacity":1"#,
        r#","capacity":1"#,
    ];
    for fields in bad {
        assert!(read(&with(fields)).is_err(), "{fields}");
    }
    let bad = [
        "null",
        "{}",
        "1",
        r#""100/60s""#,
        r#"{"unit":"requests","capacity":1}"#,
        r#"{"name":"n","capacity":1}"#,
        r#"{"name":"n","unit":"requests"}"#,
        r#"{"name":"N","unit":"requests","capacity":1}"#,
        r#"{"name":"","unit":"requests","capacity":1}"#,
        r#"{"name":"n","unit":"tokens","capacity":1}"#,
        r#"{"name":"n","unit":{"money":"usd"},"capacity":1}"#,
        r#"{"name":"n","unit":"requests","capacity":0,"window_seconds":60}"#,
        r#"{"name":"n","unit":"requests","capacity":9007199254740993}"#,
        r#"{"name":"n","unit":"requests","capacity":18446744073709551616}"#,
        r#"{"name":"n","unit":"requests","capacity":1.0}"#,
        r#"{"name":"n","unit":"requests","capacity":true}"#,
    ];
    for json in bad {
        assert!(read(json).is_err(), "{json}");
    }
}

#[test]
fn the_reason_is_told() {
    let both = r#"{"name":"n","unit":"credits","capacity":1,"window_seconds":1,"refill_amount":1,"refill_seconds":1}"#;
    let told = read(both).unwrap_err().to_string();
    assert!(
        told.contains(&LimitError::WindowAndRefill.to_string()),
        "{told}"
    );
}
