//! The page "What happens when…": every line of its tables is listed here with the tests that hold it.

mod contradictions;
mod faults;

use std::fs;
use std::path::PathBuf;

use crate::program::root;

/// The first and the last cell of each line, and the tests: by path below `tests` or `src`; `cases::` are folders.
const LINES: &[(&str, &str, &[&str])] = &[
    (
        "a file is wrong: a cell, a name, an input, a setting",
        "3",
        &[
            "cases::bad_cell",
            "cases::many_mistakes",
            "verbs::a_bad_cell_in_the_last_row_sends_nothing_and_is_pointed_at",
        ],
    ),
    (
        "the encoding of a row file is not certain",
        "3",
        &[
            "row_lists::an_unclear_encoding_is_asked_about_and_the_line_that_is_shown_fixes_it",
            "rows::formats::encoding::detection::names_of_few_characters_are_asked_about_and_the_right_reading_is_offered",
        ],
    ),
    (
        "a row file or a list has no rows",
        "0, 3",
        &[
            "row_lists::a_list_without_rows_is_a_warning_and_on_demand_an_error",
            "rows::tests::exporters::a_list_without_rows_is_reported",
        ],
    ),
    (
        "a playbook, its rows, its tests or its provider files ask for more than they may: a file outside, a built-in provider's name, a credential in a header",
        "3",
        &[
            "trust::roots::rows_outside_are_neither_read_nor_quoted_however_they_are_named",
            "trust::own_providers::what_is_built_in_is_replaced_only_where_the_settings_say_so",
            "trust::headers::a_credential_in_a_header_is_refused_wherever_in_the_playbook_its_value_stands",
        ],
    ),
    (
        "a run's folder or journal belongs to another user, or others may write to it",
        "8",
        &[
            "trust::state_folders::a_run_that_others_may_write_is_refused_with_the_command_that_mends_it",
            "io::files::ownership::a_path_is_trusted_only_if_we_or_root_own_it_and_nobody_else_can_write_it",
        ],
    ),
    (
        "a secret is missing, or was copied, saved or printed wrongly (UTF-16, a byte-order mark, quotes, several lines, `NAME=value`, an invisible character)",
        "3",
        &[
            "secrets::flawed::all_flaws_are_reported_at_once_before_anything_is_sent",
            "secrets::flawed::a_secret_that_only_looks_odd_is_sent_as_it_is",
            "secrets::flawed::a_pipe_in_the_place_of_a_secret_is_not_waited_for",
            "io::credentials::secret_text::plausible_secrets_pass",
            "io::credentials::resolve::the_command_in_the_advice_repairs_the_file",
            "cases::newcomer_credentials",
        ],
    ),
    (
        "a question has no answer and there is no terminal",
        "8",
        &["verbs::questions_need_an_option_where_there_is_no_terminal"],
    ),
    (
        "the same thing was sent by another run",
        "8",
        &["across_runs::what_was_sent_is_refused_before_anything_is_sent_again"],
    ),
    (
        "two runs are about to send the same thing at one time",
        "`not_started`, 6",
        &[
            "across_runs::at_once::the_run_with_the_lower_id_makes_an_effect_that_both_intend",
            "across_runs::at_once::the_lower_id_waits_for_a_higher_one_that_has_looked_before_it",
            "across_runs::at_once::rows_left_to_another_run_are_counted_named_and_easy_to_run",
            "across_runs::at_once::a_row_with_an_effect_of_its_own_is_partial_until_the_call_it_left_is_settled",
            "across_runs::at_once::what_a_run_that_died_was_about_to_make_counts_as_done_before",
        ],
    ),
    (
        "rows of a run that was undone are run once more",
        "8",
        &[
            "across_runs::what_was_taken_back_may_be_sent_again_and_what_was_not_may_not",
            "journal::transitions::effect_state::only_an_undo_that_succeeded_frees_an_effect",
        ],
    ),
    (
        "the vendor cannot be reached",
        "6",
        &[
            "simulation::a_vendor_out_of_reach_stops_the_run_and_fails_no_row",
            "engine::scheduler::admission::reachability::a_vendor_never_reached_is_given_up_soon_and_one_known_late",
            "policy::decision::an_unsent_call_is_sent_again_whatever_the_operation_says",
        ],
    ),
    (
        "a certificate is not trusted, expired or not yet valid, or for another name",
        "6",
        &[
            "certificates::a_certificate_that_is_not_trusted_stops_the_run_at_once_and_fails_no_row",
            "certificates::an_authority_with_a_new_key_is_distinguished_from_an_unknown_one",
            "io::http::tests::secure::a_certificate_out_of_its_time_says_to_look_at_the_clock",
            "io::http::tests::secure::a_certificate_for_another_name_is_certainly_not_sent",
        ],
    ),
    (
        "the vendor says \"too many requests\"",
        "`succeeded`",
        &[
            "troubles::faults::too_many_requests_pause_the_budget_and_are_sent_again",
            "policy::rate_limiter::throttling_pauses_halves_and_recovers",
        ],
    ),
    (
        "the vendor says how long to wait (`Retry-After`)",
        "`succeeded`",
        &[
            "what_is_sent::waits::a_run_that_waits_for_the_vendor_says_until_when",
            "provider::answer::retry_after::each_form_of_a_date_is_counted_from_the_answers_own_or_from_here",
            "policy::backoff::the_vendors_own_wait_is_the_least",
        ],
    ),
    (
        "several processes use one account at one time",
        "`succeeded`",
        &["across_runs::a_limit_binds_two_processes_together"],
    ),
    (
        "the calls of a day are used up (`daily_quota`, or a quota of the vendor)",
        "6",
        &["quotas::a_used_up_quota_holds_the_run_and_every_other_until_midnight"],
    ),
    (
        "the token expires",
        "`succeeded`",
        &[
            "troubles::faults::a_token_that_runs_out_is_renewed_and_the_call_sent_again",
            "policy::decision::a_token_is_renewed_until_it_is_clear_that_it_does_not_help",
        ],
    ),
    ("no answer to a read", "`succeeded`", &["troubles::faults::a_read_without_an_answer_is_sent_again"]),
    (
        "no answer to a write that may be repeated (`safe`, `keyed`)",
        "`succeeded`, or `unknown`, 5",
        &[
            "troubles::faults::a_write_that_may_be_repeated_is_sent_again_and_looked_up_where_that_is_refused",
            "troubles::faults::a_repeat_that_is_refused_where_no_read_can_tell_is_unknown_and_says_that_the_first_answer_was_lost",
        ],
    ),
    (
        "no answer to a write that can be looked up (`lookup`)",
        "`succeeded` or `unknown`, 5",
        &["troubles::faults::a_write_with_a_lookup_is_asked_for_and_settled"],
    ),
    (
        "no answer to a write that must not be repeated (`never`)",
        "`unknown`, 5",
        &[
            "troubles::faults::a_write_that_must_not_be_repeated_is_unknown_at_once",
            "troubles::faults::an_answer_that_comes_too_late_does_not_count",
            "cases::lost_answers",
        ],
    ),
    (
        "an answer contradicts itself: an error status around a body that says success",
        "as each operation allows",
        &[
            "troubles::contradictions::a_write_that_must_not_be_repeated_is_sent_once",
            "troubles::contradictions::a_refusal_of_the_second_send_of_a_repeatable_write_proves_nothing",
            "decisions::a_success_under_an_error_status_is_treated_like_a_lost_answer",
        ],
    ),
    (
        "an answer cannot be read: compressed, not in the charset it names, cut, empty, or not JSON",
        "`partial`, 4, or as each operation allows",
        &[
            "what_is_sent::unreadable::a_field_of_an_answer_that_cannot_be_read_fails_the_step_that_reads_it",
            "what_is_sent::unreadable::a_rule_of_success_is_not_kept_by_what_cannot_be_read",
            "provider::answer::body::an_unreadable_body_gives_the_reason_and_no_value",
        ],
    ),
    (
        "the service redirects a call (307, 308), a read (301) or a login",
        "6",
        &[
            "what_is_sent::redirects::a_write_that_was_not_carried_out_stops_the_run_after_the_first",
            "what_is_sent::redirects::a_read_is_not_followed_either_and_not_asked_again",
            "what_is_sent::redirects::a_login_that_is_redirected_stops_the_run_and_carries_its_secret_nowhere",
        ],
    ),
    (
        "the service redirects a write (301, 302, 303), and nobody knows if it was carried out",
        "`unknown`, 5",
        &[
            "what_is_sent::redirects::a_moved_address_stops_the_run_and_leaves_its_row_unknown",
            "what_is_sent::redirects::an_answer_elsewhere_leaves_a_write_unknown_and_says_where",
        ],
    ),
    (
        "a person settles an unknown call (`resolve`)",
        "as the person says",
        &[
            "again::resolving::settled_by_the_truth_and_resumed_every_row_has_its_effects_once",
            "again::resolving::a_filled_in_file_is_taken_whole_or_not_at_all",
            "journal::transitions::violation::only_a_call_in_doubt_may_be_settled_or_looked_up_again",
        ],
    ),
    (
        "a retry would change a call that is done",
        "8",
        &["again::retrying::a_done_call_that_would_be_another_is_a_conflict"],
    ),
    (
        "a run is taken back (`undo`)",
        "`succeeded`, or `partial`, 4",
        &[
            "again::undoing::what_a_run_changed_is_taken_back_once",
            "again::undoing::the_last_step_is_taken_back_first",
            "again::undoing::effects_that_nothing_undoes_are_reported_and_nothing_is_sent",
        ],
    ),
    ("the vendor rejects a row", "`failed`, 4", &["cases::refused_rows"]),
    ("a later step of a row fails", "`failed`, 4", &["cases::rolled_back"]),
    (
        "an effect cannot be taken back",
        "`partial`, 4",
        &["troubles::faults::a_row_whose_rollback_is_refused_is_partial"],
    ),
    (
        "the time that a call is about passes while it waits",
        "`failed`, 4",
        &["troubles::faults::a_call_whose_time_has_passed_is_not_sent"],
    ),
    ("too many rows fail (`stop_when`, `--max-fail`)", "6", &["cases::stopped_by_failures"]),
    (
        "too few rows of a wave succeed (`waves`, `--waves`)",
        "6",
        &[
            "cases::missed_gate",
            "simulation::bounded::bounds_hold_whatever_goes_wrong",
            "policy::wave_progress::a_missed_gate_no_longer_applies_after_a_resume_and_later_gates_do",
        ],
    ),
    (
        "a failure is of a kind that the first wave did not show (`new_kind`)",
        "6",
        &[
            "cases::missed_gate",
            "policy::wave_progress::kinds_shown_at_a_stop_are_known_and_kinds_hidden_by_a_crash_are_not",
        ],
    ),
    (
        "the budget of effects is used up (`budget`)",
        "6",
        &[
            "cases::used_up_budget",
            "simulation::bounded::bounds_hold_whatever_goes_wrong",
            "journal::audit::run_audit::an_effect_beyond_the_budget_is_found",
        ],
    ),
    (
        "it is outside the hours in which the run may send (`window`)",
        "no change",
        &[
            "hours::outside_its_window_a_run_waits_says_until_when_and_ends_cleanly",
            "simulation::bounded::bounds_hold_whatever_goes_wrong",
            "policy::send_window::a_clock_put_forward_opens_late_and_one_put_back_opens_twice",
        ],
    ),
    (
        "the vendor refuses the credentials, the permission, the quota, the application or the company",
        "7",
        &[
            "account_refusals::the_first_refusal_of_the_account_stops_the_run_after_one_call",
            "account_refusals::calls_under_way_at_the_first_refusal_are_the_last",
            "troubles::faults::credentials_that_are_refused_stop_the_run_at_once",
            "vendors::a_wrong_key_stops_the_run",
        ],
    ),
    (
        "a vendor finds that this machine's clock is wrong",
        "7",
        &[
            "clocks::a_signature_out_of_its_time_says_how_far_the_clock_is_off_and_to_set_it",
            "clocks::without_a_date_it_says_to_look_at_the_clock",
            "clocks::a_clock_that_is_right_is_not_blamed_and_a_refusal_shows_its_advice",
        ],
    ),
    (
        "Ctrl-C, or a termination",
        "130, 143",
        &[
            "signals::ctrl_c_drains_and_resume_goes_on",
            "signals::ctrl_c_during_the_back_off_of_a_repeatable_call_leaves_it_to_resume",
            "simulation::interrupted::a_stop_at_any_moment_leaves_what_may_be_repeated_to_resume_and_never_unknown",
            "signals::a_termination_drains_too_and_a_running_run_cannot_be_resumed_beside_it",
        ],
    ),
    (
        "the terminal closes, the connection to the machine is lost, the CPU time is used up (SIGHUP, SIGXCPU)",
        "143",
        &[
            "signals::every_signal_that_would_end_the_process_drains_and_exits_with_143",
            "signals::a_terminal_that_is_gone_drains_the_run_and_fails_nothing",
        ],
    ),
    ("Ctrl-C once more", "`unknown`, 5", &["signals::a_second_ctrl_c_stops_at_once_and_writes_in_flight_are_unknown"]),
    (
        "a person pauses the run (`ctl RUN pause`, key `p`)",
        "no change, 6",
        &[
            "steering::under_way::a_paused_run_sends_nothing_until_it_is_told_to_go_on",
            "steering::stopped_runs::a_run_that_is_killed_while_it_is_paused_sends_nothing_until_the_pause_is_ended",
        ],
    ),
    (
        "a person drains the run (`ctl RUN drain`, key `d`)",
        "6",
        &[
            "steering::under_way::a_drained_run_exits_with_6_and_goes_on_later",
            "steering::keys::keys_pause_slow_down_and_drain_a_run_and_the_terminal_is_set_back",
        ],
    ),
    (
        "a person cancels the run (`cancel RUN`)",
        "`not_started`, 6",
        &["steering::under_way::a_cancelled_run_is_closed_and_only_a_retry_does_what_is_missing"],
    ),
    (
        "a person sets a lower rate, or fewer calls under way at once",
        "no change",
        &[
            "steering::limits::a_lower_rate_binds_within_a_second",
            "steering::under_way::limits_may_be_lowered_and_raised_again_and_never_exceed_those_of_the_playbook",
        ],
    ),
    ("another user, or root, steers the run", "8", &["steering::stopped_runs::another_user_may_not_steer"]),
    (
        "a signal was ignored when the program started (`nohup`, a script's background job)",
        "no change",
        &[
            "signals::a_signal_that_was_ignored_at_the_start_stays_ignored",
            "signals::nohup_keeps_a_run_alive_and_ctrl_c_still_drains_it",
        ],
    ),
    (
        "the process is killed, the machine goes down",
        "as each operation allows",
        &[
            "crashes::a_death_at_any_place_repeats_no_call_that_must_not_be",
            "crashes::a_death_at_any_place_loses_no_call_that_may_be_repeated",
            "crashes::a_death_at_any_place_of_a_chain_leaves_every_row_accounted_for",
            "crashes::random::thousands_of_rows_survive_kill_9_at_random_moments",
            "crashes::random::a_server_on_loopback_sees_no_call_twice_either",
            "damage::journal::a_torn_write_at_the_tail_loses_nothing",
        ],
    ),
    (
        "playbook, rows or settings change after the start",
        "no change",
        &["signals::a_run_goes_on_although_every_file_of_it_is_gone"],
    ),
    (
        "a second process resumes the same run",
        "8",
        &["damage::holders::a_second_process_learns_which_one_drives_the_run"],
    ),
    (
        "more calls at once are asked for than the process may open files and sockets",
        "no change",
        &[
            "damage::shortage::more_calls_than_descriptors_wait_and_every_row_succeeds",
            "damage::shortage::a_connection_for_which_no_descriptor_is_free_is_made_later_and_costs_no_attempt",
            "damage::shortage::a_name_for_whose_lookup_no_descriptor_is_free_is_looked_up_later_and_costs_no_attempt",
            "damage::shortage::a_run_that_has_its_connection_needs_a_further_descriptor_only_for_its_row_files",
            "across_runs::at_once::a_run_that_cannot_look_at_the_others_for_want_of_a_descriptor_waits_until_it_can",
        ],
    ),
    (
        "the disk is full",
        "1",
        &[
            "damage::shortage::a_full_disk_leaves_no_call_in_doubt",
            "damage::shortage::a_file_that_cannot_grow_leaves_no_call_in_doubt",
            "damage::disk::a_full_disk_stops_the_run_and_it_goes_on_when_there_is_room",
            "damage::disk::a_file_that_cannot_grow_stops_the_run_and_it_goes_on_when_it_can",
        ],
    ),
    (
        "the state folder is not writable",
        "1",
        &["damage::disk::a_state_folder_that_may_not_be_written_to_stops_a_run_before_it_sends"],
    ),
    (
        "the state folder is moved or removed",
        "1",
        &[
            "damage::shortage::a_folder_that_was_moved_leaves_no_call_in_doubt",
            "damage::disk::a_state_folder_that_vanishes_stops_the_run_and_it_goes_on_when_it_is_back",
        ],
    ),
    (
        "another program keeps the journal locked",
        "1",
        &[
            "damage::shortage::a_locked_journal_leaves_no_call_in_doubt",
            "damage::holders::a_journal_that_another_program_keeps_locked_stops_the_run_and_says_so",
        ],
    ),
    (
        "the ledger of calls cannot be read, or has other content",
        "1",
        &[
            "damage::shortage::a_spoilt_ledger_is_reported_before_anything_is_sent",
            "damage::shortage::a_ledger_that_fails_in_mid_run_leaves_no_call_in_doubt",
        ],
    ),
    (
        "the journal was changed",
        "1",
        &[
            "damage::journal::a_changed_byte_anywhere_is_found_before_anything_is_sent",
            "damage::journal::a_file_that_is_no_longer_a_journal_is_reported_and_never_passed_over",
        ],
    ),
    (
        "the journal was cut, or an older copy of the run's folder was put back",
        "8",
        &[
            "damage::journal::a_tail_cut_off_anywhere_repeats_nothing",
            "damage::journal::a_run_that_lost_its_tail_is_neither_tried_again_nor_settled",
            "lost_runs::copies::a_copy_is_refused_by_every_verb_that_would_send",
            "lost_runs::copies::calls_that_must_not_be_repeated_are_unknown_after_a_copy_and_settled_by_the_truth",
            "lost_runs::copies::calls_that_may_be_repeated_are_sent_again_after_a_copy",
            "lost_runs::copies::calls_that_can_be_looked_up_are_looked_up_after_a_copy",
        ],
    ),
    (
        "the folder of another run is gone, or its journal is cut, changed or replaced",
        "8",
        &[
            "lost_runs::damages::an_emptied_folder_stops_a_fresh_run",
            "lost_runs::statements::the_rows_that_were_done_are_named_and_the_others_are_run",
            "lost_runs::kills::kills_with_damage_of_another_runs_journal_between_them_double_nothing",
        ],
    ),
    (
        "another run's journal goes bad while a run is under way",
        "`failed`, 4",
        &["lost_runs::during_a_run::what_a_run_may_have_made_that_is_lost_meanwhile_is_not_sent_and_the_rest_is"],
    ),
    (
        "a journal is damaged for good",
        "`unknown`, 5",
        &[
            "damage::journal::what_a_damaged_journal_still_proves_is_written_down_and_the_rest_is_unknown",
            "damage::journal::a_changed_byte_loses_at_most_what_it_stands_in",
            "damage::journal::a_journal_of_garbage_does_not_say_how_little_was_sent",
            "damage::journal::a_journal_of_which_nothing_is_left_says_so",
        ],
    ),
    (
        "`--out` or `--events` names a place that cannot be written",
        "2",
        &[
            "damage::disk::row_files_that_cannot_be_written_are_reported_before_anything_is_sent",
            "events::output::a_file_that_cannot_be_opened_stops_the_run_before_anything_is_sent",
        ],
    ),
    (
        "`--out` holds result files of another run",
        "no change",
        &["damage::disk::an_out_folder_holds_the_files_of_the_last_run_alone"],
    ),
    (
        "`--out` holds a file that has the name of a result file and comes from no run",
        "2",
        &["damage::disk::a_file_that_no_run_wrote_is_named_before_anything_is_sent_and_never_touched"],
    ),
    (
        "a vendor repeats credentials or people's data in its answer",
        "no change",
        &[
            "secrets::credentials::credentials_that_a_vendor_echoes_reach_nothing",
            "secrets::credentials::tokens_and_refused_logins_reach_nothing",
            "secrets::people::a_rejected_row_shows_the_vendors_words_without_its_people",
            "secrets::people::unknown_rows_and_stops_are_masked",
        ],
    ),
    ("standard output is closed by its reader", "no change", &["verbs::a_closed_pipe_is_quiet_and_a_full_disk_is_not"]),
    (
        "standard output is full, or its terminal is gone",
        "no change",
        &[
            "full_outputs::a_full_standard_output_is_no_failure_of_what_was_done",
            "signals::a_terminal_that_is_gone_drains_the_run_and_fails_nothing",
        ],
    ),
    (
        "a run is resumed that has nothing left to send",
        "as it was",
        &["finished_runs::the_resume_of_a_finished_run_asks_for_no_credentials_and_draws_up_its_files"],
    ),
    (
        "events can no longer be written (`--events`)",
        "no change",
        &[
            "events::output::a_full_disk_is_reported_once_and_the_run_goes_on",
            "events::output::a_reader_that_leaves_is_reported_once_and_stops_nothing",
        ],
    ),
];

/// The lines of the page's tables below their heads: first and last cell.
fn page() -> Vec<(String, String)> {
    let page = fs::read_to_string(root().join("docs/reference/what-happens-when.md")).unwrap();
    let lines = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| trouble |"));
    let cells = |line: &str| -> Vec<String> { line.split('|').map(|cell| cell.trim().to_owned()).collect() };
    lines.map(cells).map(|cells| (cells[1].clone(), cells[cells.len() - 2].clone())).collect()
}

#[test]
fn the_page_has_these_lines() {
    let listed: Vec<(String, String)> = LINES.iter().map(|(what, end, _)| ((*what).into(), (*end).into())).collect();
    assert_eq!(page(), listed);
}

#[test]
fn the_readme_counts_the_lines() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let said = format!("(docs/reference/what-happens-when.md): {} kinds of trouble", LINES.len());
    assert!(readme.contains(&said), "README.md should say `{said}`");
}

/// Whether there is such a test.
pub(crate) fn exists(test: &str) -> bool {
    if let Some(case) = test.strip_prefix("cases::") {
        return root().join("tests/cases").join(case).join("cmd").exists();
    }
    let (module, name) = test.rsplit_once("::").unwrap();
    let file: PathBuf = module.split("::").collect();
    let texts = ["tests", "src"].map(|folder| fs::read_to_string(root().join(folder).join(&file).with_extension("rs")));
    let head = format!("#[test]\nfn {name}()");
    texts.iter().flatten().any(|text| text.replace("\n    ", "\n").contains(&head))
}

#[test]
fn every_line_names_tests_that_are_there() {
    let missing: Vec<&&str> = LINES.iter().flat_map(|(_, _, tests)| *tests).filter(|test| !exists(test)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(LINES.iter().all(|(_, _, tests)| !tests.is_empty()));
}
