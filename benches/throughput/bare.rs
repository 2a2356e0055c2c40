//! The yardstick: three chained calls for each row over the same HTTP library and settings, and nothing else.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, bail};
use csv::StringRecord;
use serde_json::{Value, json};

use crate::arguments::BareArguments;

type Rows = Arc<Mutex<csv::Reader<std::fs::File>>>;

/// Makes all calls.
pub(crate) fn run(arguments: &BareArguments) -> anyhow::Result<()> {
    let rows: Rows = Arc::new(Mutex::new(csv::Reader::from_path(&arguments.rows)?));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let client = client()?;
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..arguments.in_flight {
            workers.spawn(work(client.clone(), arguments.url.clone(), Arc::clone(&rows)));
        }
        while let Some(done) = workers.join_next().await {
            done??;
        }
        Ok(())
    })
}

/// The client that makes all calls.
pub(crate) fn client() -> anyhow::Result<reqwest::Client> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    Ok(reqwest::Client::builder()
        .user_agent("bare/1")
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .tcp_nodelay(true)
        .no_proxy()
        .connect_timeout(Duration::from_secs(10))
        .pool_idle_timeout(Duration::from_secs(20))
        .pool_max_idle_per_host(usize::MAX)
        .tls_backend_preconfigured(tls)
        .build()?)
}

async fn work(client: reqwest::Client, url: String, rows: Rows) -> anyhow::Result<()> {
    let paths = ["/api/task/do_add", "/api/task/service/do_add", "/api/task/customer/do_add"];
    let [create, moderator, publishers] = paths.map(|path| format!("{url}{path}"));
    let mut row = StringRecord::new();
    while rows.lock().unwrap_or_else(PoisonError::into_inner).read_record(&mut row)? {
        let cell = |place: usize| row.get(place).unwrap_or_default();
        let answer = call(
            &client,
            &create,
            &json!({
                "business_id": cell(1).parse::<u64>()?, "out_task_num": cell(0), "out_task_type": cell(2),
                "task_type": cell(3), "task_notify": cell(4) == "true", "task_remark": cell(5),
                "branch_code": cell(6), "business_code": cell(7), "room_type": "realtime", "video": true,
            }),
        )
        .await?;
        let task = answer.pointer("/info/task_num").cloned().context("`task_num`")?;
        call(
            &client,
            &moderator,
            &json!({
                "task_num": task, "business_code": cell(7), "branch_code": cell(6), "emp_id": cell(8),
            }),
        )
        .await?;
        call(
            &client,
            &publishers,
            &json!({
                "task_num": task,
                "customer": [{
                    "customer_title": cell(9), "customer_name": cell(10), "customer_id_num": cell(11),
                    "customer_country_code": cell(12), "customer_phone": cell(13), "customer_email": cell(14),
                }],
            }),
        )
        .await?;
    }
    Ok(())
}

async fn call(client: &reqwest::Client, url: &str, body: &Value) -> anyhow::Result<Value> {
    let answer = client
        .post(url)
        .timeout(Duration::from_secs(30))
        .header("Authorization", "Bearer bench")
        .header("Content-Type", "application/json")
        .body(serde_json::to_vec(body)?)
        .send()
        .await?;
    let bytes = answer.error_for_status()?.bytes().await?;
    let answer: Value = serde_json::from_slice(&bytes)?;
    if answer.get("status") != Some(&json!(1)) {
        bail!("the call was refused: {answer}");
    }
    Ok(answer)
}
