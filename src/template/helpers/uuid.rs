//! `uuid`: an id that stays the same when a run is resumed or retried.

use sha2::{Digest, Sha256};

use super::helper::{Helper, HelperCall, example};
use crate::model::{Value, fresh_uuid};

pub(super) const UUID: Helper = Helper {
    name: "uuid",
    usage: "uuid NAME",
    about: "A UUID that is the same for the same row, step, element and name in a run and in all its retries.",
    examples: &[
        example("{{ uuid \"order\" }}", r#""a9473bea-34a1-4820-909d-357e7f7a25ec""#),
        example("{{ eq (uuid \"order\") (uuid \"order\") }}", "true"),
        example("{{ eq (uuid \"order\") (uuid \"other\") }}", "false"),
    ],
    min_values: 1,
    max_values: 1,
    run: uuid,
};

fn uuid(call: &HelperCall<'_>) -> Result<Value, String> {
    let name = call.text(0)?;
    let mut hash = Sha256::new();
    // Each length is hashed before its part, so that ("ab", "c") differs from ("a", "bc").
    for part in [call.scope().identity(), &name] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let bits = hash.finalize().iter().take(16).fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
    Ok(Value::String(fresh_uuid(bits)))
}
