//! `plan` shows the settings that a step overrides, such as who acts.

use crate::program::TestFolder;

const STEPS: &str = "
  - id: look
    uses: fxiaoke.get_task
    settings: { user_id: '{{ row.handler }}' }
    with: { objectDataId: '{{ row.id }}' }
  - id: look_again
    uses: fxiaoke.get_task
    with: { objectDataId: '{{ row.id }}' }
";

fn desk(columns: &str) -> TestFolder {
    let desk = TestFolder::new();
    let columns = format!("columns: {{ {columns} }}");
    desk.write("playbook.yaml", &format!("name: Look\nrows: {{ from: rows.csv, key: id, {columns} }}\nsteps:{STEPS}"));
    desk.write("rows.csv", "id,handler\n67c4e9e21e975ec8e384cc41,1042\n");
    desk
}

#[test]
fn a_plan_shows_the_settings_of_the_step_that_overrides_them() {
    let desk = desk("");
    let text = desk.run("plan playbook.yaml").exits(0).out;
    assert_eq!(text.matches("    settings user_id: \"1042\"\n").count(), 1, "{text}");
    let plan = desk.run("plan playbook.yaml --format json").exits(0).json();
    let calls = &plan["samples"][0]["calls"];
    assert_eq!(calls[0]["settings"], serde_json::json!({"user_id": "1042"}), "{plan}");
    assert!(calls[1].get("settings").is_none(), "{plan}");
}

#[test]
fn a_sensitive_setting_is_masked() {
    let text = desk("handler: { sensitive: true }").run("plan playbook.yaml").exits(0).out;
    assert!(text.contains("    settings user_id: \"***\"\n") && !text.contains("1042"), "{text}");
}
