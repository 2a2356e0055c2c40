//! The fields of each action's body, as the vendor's metadata lists them. Deprecated ones are still accepted.

use FieldType::{Integer, List, Object, Text, Unsigned};

use crate::sandbox::exchange::{FieldSpec, FieldType, may, must};
use crate::sandbox::world::Vendor;

const TEXTS: FieldType = List(&Text);

const ESS_USER: FieldType = Object(&[
    must("UserId", Text),
    may("Channel", Text),
    may("OpenId", Text),
    may("ClientIp", Text),
    may("ProxyIp", Text),
]);
const ESS_AGENT: FieldType = Object(&[
    may("AppId", Text),
    may("ProxyAppId", Text),
    may("ProxyOrganizationId", Text),
    may("ProxyOperator", Text),
]);
const BASIC_USER: FieldType = Object(&[
    may("OpenId", Text),
    may("Channel", Text),
    may("CustomUserId", Text),
    may("ClientIp", Text),
    may("ProxyIp", Text),
]);
const BASIC_AGENT: FieldType = Object(&[
    must("AppId", Text),
    may("ProxyOrganizationOpenId", Text),
    may("ProxyOperator", BASIC_USER),
    may("ProxyAppId", Text),
    may("ProxyOrganizationId", Text),
]);
const ORGANIZATION: FieldType = Object(&[
    must("OrganizationOpenId", Text),
    may("OrganizationId", Text),
    may("Channel", Text),
    may("ClientIp", Text),
    may("ProxyIp", Text),
]);
const RELIEVE_INFO: FieldType = Object(&[
    must("Reason", Text),
    may("RemainInForceItem", Text),
    may("OriginalExpenseSettlement", Text),
    may("OriginalOtherSettlement", Text),
    may("OtherDeals", Text),
]);
const ESS_APPROVER: FieldType = Object(&[
    must("Name", Text),
    must("Mobile", Text),
    may("RelievedApproverReceiptId", Text),
    may("ApproverType", Text),
    may("ApproverSignComponentType", Text),
    may("ApproverSignRole", Text),
    may("ApproverSignSealId", Text),
    may("RelievedApproverRecipientId", Text),
    may("PinCode", Text),
]);
const BASIC_APPROVER: FieldType = Object(&[
    must("ApproverNumber", Unsigned),
    must("ApproverType", Text),
    may("ReleasedApproverRecipientId", Text),
    may("Name", Text),
    may("IdCardType", Text),
    may("IdCardNumber", Text),
    may("Mobile", Text),
    may("OrganizationName", Text),
    may("OrganizationOpenId", Text),
    may("OpenId", Text),
    may("ApproverSignComponentType", Text),
    may("ApproverSignRole", Text),
    may("ApproverSignSealId", Text),
    may("PinCode", Text),
]);

const ESS: &[(&str, &[FieldSpec])] = &[
    (
        "ModifyFlowDeadline",
        &[
            must("Operator", ESS_USER),
            must("FlowId", Text),
            must("Deadline", Integer),
            may("Agent", ESS_AGENT),
            may("RecipientId", Text),
        ],
    ),
    (
        "CreateReleaseFlow",
        &[
            must("Operator", ESS_USER),
            must("NeedRelievedFlowId", Text),
            must("ReliveInfo", RELIEVE_INFO),
            may("Agent", ESS_AGENT),
            may("ReleasedApprovers", List(&ESS_APPROVER)),
            may("Deadline", Integer),
            may("UserData", Text),
            may("FlowName", Text),
        ],
    ),
    ("DescribeFlowBriefs", &[must("Operator", ESS_USER), must("FlowIds", TEXTS), may("Agent", ESS_AGENT)]),
    (
        "DescribeFlowInfo",
        &[may("Operator", ESS_USER), may("FlowIds", TEXTS), may("Agent", ESS_AGENT), may("FlowGroupId", Text)],
    ),
    (
        "CancelFlow",
        &[must("Operator", ESS_USER), must("FlowId", Text), must("CancelMessage", Text), may("Agent", ESS_AGENT)],
    ),
];

const ESSBASIC: &[(&str, &[FieldSpec])] = &[
    (
        "ModifyFlowDeadline",
        &[must("Agent", BASIC_AGENT), must("FlowId", Text), must("Deadline", Integer), may("RecipientId", Text)],
    ),
    (
        "ChannelCreateReleaseFlow",
        &[
            must("Agent", BASIC_AGENT),
            must("NeedRelievedFlowId", Text),
            must("ReliveInfo", RELIEVE_INFO),
            may("ReleasedApprovers", List(&BASIC_APPROVER)),
            may("CallbackUrl", Text),
            may("Organization", ORGANIZATION),
            may("Operator", BASIC_USER),
            may("Deadline", Integer),
            may("UserData", Text),
            may("FlowName", Text),
        ],
    ),
    (
        "DescribeFlowDetailInfo",
        &[must("Agent", BASIC_AGENT), may("FlowIds", TEXTS), may("FlowGroupId", Text), may("Operator", BASIC_USER)],
    ),
    (
        "ChannelCancelFlow",
        &[
            must("FlowId", Text),
            may("Agent", BASIC_AGENT),
            may("CancelMessage", Text),
            may("CancelMessageFormat", Integer),
            may("Operator", BASIC_USER),
        ],
    ),
];

/// The fields of an action; `None` if the product does not have it.
pub(super) fn fields(product: Vendor, action: &str) -> Option<&'static [FieldSpec]> {
    let actions = if product == Vendor::TencentEss { ESS } else { ESSBASIC };
    actions.iter().find(|(name, _)| *name == action).map(|(_, fields)| *fields)
}
