//! The requests of a story: rebuilt from the frozen plan, compared with the hash that the journal keeps, and masked.

use super::moment::{RequestCheck, StoryRequest};
use super::shown_value::ShownValue;
use super::tell::Teller;
use crate::engine::RebuiltRequest;
use crate::journal::CallRef;
use crate::model::{Time, Value};
use crate::plan::ShownRequest;

/// What is said of a request that differs from the one that was sent.
const DIFFERS: &str =
    "the request that is rebuilt from the frozen files is not the one that was sent: their hashes differ";

impl Teller<'_> {
    /// The request of a call as it was sent at an instant, held against the hash that the journal keeps of it, and the
    /// rebuilt one if there is any.
    pub(super) fn request_of(
        &mut self,
        call: CallRef,
        at: Time,
        hash: Option<&str>,
    ) -> (StoryRequest, Option<RebuiltRequest>) {
        match self.past.request(call, at) {
            Ok(rebuilt) => (self.shown(&rebuilt, hash), Some(rebuilt)),
            Err(why) => (self.lost(&why), None),
        }
    }

    /// The request of the lookup of a call that was first sent at an instant.
    pub(super) fn lookup_of(&mut self, call: CallRef, sent_at: Time) -> (StoryRequest, Option<RebuiltRequest>) {
        match self.past.lookup(call, sent_at) {
            Ok(rebuilt) => (self.shown(&rebuilt, None), Some(rebuilt)),
            Err(why) => (self.lost(&why), None),
        }
    }

    fn lost(&self, why: &str) -> StoryRequest {
        let problem = Some(format!("the request cannot be rebuilt from the frozen files: {}", self.text(why)));
        StoryRequest {
            check: RequestCheck::Lost,
            problem,
            method: None,
            address: None,
            headers: Vec::new(),
            body: None,
        }
    }

    fn shown(&self, rebuilt: &RebuiltRequest, hash: Option<&str>) -> StoryRequest {
        let check = match hash {
            None => RequestCheck::NoHash,
            Some(hash) if hash == rebuilt.hash => RequestCheck::Same,
            Some(_) => RequestCheck::Differs,
        };
        let RebuiltRequest { operation, connection, settings, inputs, .. } = rebuilt;
        let mut masks = self.masks.clone();
        self.plan().mask_inputs(operation, inputs, &mut masks);
        let Some(shown) = self.plan().shown_request(operation, *connection, (settings, inputs), &masks) else {
            return self.lost("its parts do not fit together");
        };
        let ShownRequest { method, address, headers, body } = shown;
        let problem = (check == RequestCheck::Differs).then(|| DIFFERS.to_owned());
        let body = Some(body).filter(|body| *body != Value::Null).map(ShownValue::of);
        let (method, address) = (Some(method.as_str().to_owned()), Some(address));
        StoryRequest { check, problem, method, address, headers, body }
    }
}
