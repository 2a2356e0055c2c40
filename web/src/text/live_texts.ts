// The words of the live page that the page of a file does not need, in English and Chinese.
import { useContext } from "preact/hooks";
import { grouped, LanguageContext } from "./language";

export interface LiveTexts {
  runs: string;
  thisMachine: string;
  /** The page's title in the browser. */
  titleOf: (title: string) => string;
  noAnswer: string;
  cut: string;
  loading: string;
  door: { title: string; how: string; link: string; open: string; opening: string };
  list: {
    caption: string;
    state: string;
    run: string;
    started: string;
    kind: string;
    playbook: string;
    environment: string;
    rows: string;
    outcomes: string;
    outcome: string;
    any: string;
    clear: string;
    unfinished: (rows: number) => string;
    none: string;
    noMatch: string;
    older: string;
    unreadable: (why: string) => string;
    madeFrom: string;
  };
  kind: Record<string, string>;
  state: Record<string, string>;
  run: {
    all: string;
    title: string;
    progress: string;
    ended: (ended: number, total: number) => string;
    calls: (calls: number) => string;
    rate: (rate: string) => string;
    paused: (who: string, from: string, since: string) => string;
    from: Record<string, string>;
    stopping: string;
    asOf: (time: string) => string;
    reading: (read: number, total: number) => string;
    save: string;
    report: (form: string) => string;
    saved: string;
    steer: string;
  };
  wait: WaitTexts;
  ask: {
    leave: string;
    set: string;
    pause: string;
    pauseText: string;
    resume: string;
    resumeText: string;
    rate: string;
    rateText: string;
    inFlight: string;
    inFlightText: string;
    drain: string;
    drainText: string;
    cancel: string;
    cancelText: string;
    cancelYes: string;
    already: string;
  };
}

/** What a run waits for. `when` is a time that is written out: in some seconds, or at an instant. */
export interface WaitTexts {
  at: (time: string) => string;
  in: (seconds: number) => string;
  window: (opens: string) => string;
  login: (host: string) => string;
  loginFailed: (host: string, why: string, when: string) => string;
  unreachable: (host: string, why: string, when: string) => string;
  retryAfter: (operation: string, time: string) => string;
  throttled: (operation: string, when: string) => string;
  backOff: (rows: number, when: string) => string;
  lookupDelay: (calls: number, when: string) => string;
  looksUp: (calls: number) => string;
  until: (rows: number, when: string) => string;
  answers: (calls: number, seconds: number) => string;
}

const plural = (count: number, noun: string) => `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;

const EN: LiveTexts = {
  runs: "Runs",
  thisMachine: "Runs of this machine",
  titleOf: (title) => `${title} · runsheet`,
  noAnswer: "`runsheet ui` does not answer. Is it still running? The page tries again by itself.",
  cut: "The connection ended in the middle of an answer. The page tries again by itself.",
  loading: "Reading the run …",
  door: {
    title: "Open the page with a link",
    how: "The terminal of `runsheet ui` shows a fresh link. Open it there, or paste it here. Each link works once.",
    link: "Link",
    open: "Open",
    opening: "Opening …",
  },
  list: {
    caption: "Runs, newest first",
    state: "State",
    run: "Run",
    started: "Started",
    kind: "Kind",
    playbook: "Playbook",
    environment: "Environment",
    rows: "Rows",
    outcomes: "Outcomes",
    outcome: "With rows",
    any: "all",
    clear: "Show all runs",
    unfinished: (rows) => `${grouped(rows)} not finished`,
    none: "There is no run yet.",
    noMatch: "No run matches.",
    older: "Show older runs",
    unreadable: (why) => `cannot be read: ${why}`,
    madeFrom: "made from",
  },
  kind: { run: "run", retry: "retry", undo: "undo" },
  state: {
    running: "under way",
    "broken off": "broken off",
    succeeded: "succeeded",
    failed: "failed",
    unknown: "unknown",
    stopped: "stopped",
    refused: "refused",
    interrupted: "interrupted",
    broken: "broken",
  },
  run: {
    all: "All runs",
    title: "Run",
    progress: "Ended rows",
    ended: (ended, total) => `${grouped(ended)} of ${plural(total, "row")} ended`,
    calls: (calls) => `${plural(calls, "call")} under way`,
    rate: (rate) => `at most ${rate}`,
    paused: (who, from, since) => `Paused by ${who} (${from}) since ${since}`,
    from: { key: "key", ctl: "`ctl`", page: "page", file: "file" },
    stopping: "The run stops: nothing new is started",
    asOf: (time) => `As of ${time}.`,
    reading: (read, total) => `${grouped(read)} of ${plural(total, "row")} are read so far.`,
    save: "Save",
    report: (form) => `Report as ${form}`,
    saved: "Row files",
    steer: "Steer the run",
  },
  wait: {
    at: (time) => `at ${time}`,
    in: (seconds) => `in ${seconds} s`,
    window: (opens) => `Waits for the send window, which opens ${opens}`,
    login: (host) => `Waits for the login at ${host}`,
    loginFailed: (host, why, when) => `Cannot log in at ${host}${why === "" ? "" : ` (${why})`}; tries again ${when}`,
    unreachable: (host, why, when) => `Cannot reach ${host} (${why}); tries again ${when}`,
    retryAfter: (operation, time) => `${operation === "" ? "" : `${operation}: `}the vendor asked to wait (Retry-After) until ${time}`,
    throttled: (operation, when) => `${operation} is throttled; it goes on ${when}`,
    backOff: (rows, when) => `${plural(rows, "row")} ${rows === 1 ? "waits" : "wait"} to be sent again, the next ${when}`,
    lookupDelay: (calls, when) => `${plural(calls, "call")} ${calls === 1 ? "waits" : "wait"} for a reliable lookup, the next ${when}`,
    looksUp: (calls) => `Looks up ${plural(calls, "call")}`,
    until: (rows, when) => `${plural(rows, "row")} ${rows === 1 ? "waits" : "wait"} for \`until\`, the next read ${when}`,
    answers: (calls, seconds) => `Waits for ${plural(calls, "answer")}, the first for ${seconds} s`,
  },
  ask: {
    leave: "Leave it",
    set: "Set",
    pause: "Pause",
    pauseText: "Pause this run? Nothing new is sent until it goes on.",
    resume: "Go on",
    resumeText: "End the pause of this run?",
    rate: "Rate",
    rateText: "At most how many calls a second?",
    inFlight: "Calls at once",
    inFlightText: "At most how many calls at once?",
    drain: "Drain",
    drainText: "Stop this run in order? `runsheet resume` goes on with it.",
    cancel: "Cancel",
    cancelText: "Cancel this run? It is closed and cannot be resumed; `runsheet retry` does what is missing.",
    cancelYes: "Cancel the run",
    already: "The run was told so before.",
  },
};

const ZH: LiveTexts = {
  runs: "运行",
  thisMachine: "本机的运行",
  titleOf: (title) => `${title} · runsheet`,
  noAnswer: "`runsheet ui` 没有应答。它还在运行吗？页面会自动重试。",
  cut: "应答中途连接断开。页面会自动重试。",
  loading: "正在读取运行……",
  door: {
    title: "用链接打开页面",
    how: "运行 `runsheet ui` 的终端会显示新的链接。请从那里打开，或粘贴到这里。每个链接只能用一次。",
    link: "链接",
    open: "打开",
    opening: "正在打开……",
  },
  list: {
    caption: "运行，最新的在前",
    state: "状态",
    run: "运行",
    started: "开始",
    kind: "种类",
    playbook: "剧本",
    environment: "环境",
    rows: "行数",
    outcomes: "结果",
    outcome: "含有的行",
    any: "全部",
    clear: "显示所有运行",
    unfinished: (rows) => `${grouped(rows)} 未结束`,
    none: "还没有运行。",
    noMatch: "没有符合的运行。",
    older: "显示更早的运行",
    unreadable: (why) => `无法读取：${why}`,
    madeFrom: "来自",
  },
  kind: { run: "运行", retry: "重试", undo: "撤销" },
  state: {
    running: "运行中",
    "broken off": "已中断",
    succeeded: "成功",
    failed: "有失败",
    unknown: "有未知",
    stopped: "提前停止",
    refused: "被拒绝",
    interrupted: "被中断",
    broken: "出错中断",
  },
  run: {
    all: "全部运行",
    title: "运行",
    progress: "已结束的行",
    ended: (ended, total) => `${grouped(total)} 行中 ${grouped(ended)} 行已结束`,
    calls: (calls) => `${grouped(calls)} 个调用进行中`,
    rate: (rate) => `至多 ${rate}`,
    paused: (who, from, since) => `由 ${who}（${from}）于 ${since} 暂停`,
    from: { key: "按键", ctl: "`ctl`", page: "页面", file: "文件" },
    stopping: "运行正在停止：不再开始新的内容",
    asOf: (time) => `截至 ${time}。`,
    reading: (read, total) => `目前已读取 ${grouped(total)} 行中的 ${grouped(read)} 行。`,
    save: "保存",
    report: (form) => `报告：${form}`,
    saved: "行文件",
    steer: "控制运行",
  },
  wait: {
    at: (time) => `于 ${time}`,
    in: (seconds) => `${seconds} 秒后`,
    window: (opens) => `等待发送时段，${opens}开始`,
    login: (host) => `等待登录 ${host}`,
    loginFailed: (host, why, when) => `无法登录 ${host}${why === "" ? "" : `（${why}）`}；${when}重试`,
    unreachable: (host, why, when) => `无法连接 ${host}（${why}）；${when}重试`,
    retryAfter: (operation, time) => `${operation === "" ? "" : `${operation}：`}厂商要求等待（Retry-After）到 ${time}`,
    throttled: (operation, when) => `${operation} 被限流；${when}继续`,
    backOff: (rows, when) => `${grouped(rows)} 行等待再次发送，下一行${when}`,
    lookupDelay: (calls, when) => `${grouped(calls)} 个调用等待可靠的回查，下一个${when}`,
    looksUp: (calls) => `正在回查 ${grouped(calls)} 个调用`,
    until: (rows, when) => `${grouped(rows)} 行等待 \`until\`，下一次读取${when}`,
    answers: (calls, seconds) => `等待 ${grouped(calls)} 个应答，第一个已等 ${seconds} 秒`,
  },
  ask: {
    leave: "算了",
    set: "设置",
    pause: "暂停",
    pauseText: "暂停此运行？继续之前不再发送。",
    resume: "继续",
    resumeText: "结束此运行的暂停？",
    rate: "速率",
    rateText: "每秒至多多少个调用？",
    inFlight: "同时调用",
    inFlightText: "同时至多多少个调用？",
    drain: "停止",
    drainText: "有序停止此运行？之后可用 `runsheet resume` 继续。",
    cancel: "取消",
    cancelText: "取消此运行？它将关闭且不能继续；`runsheet retry` 补做缺少的部分。",
    cancelYes: "取消运行",
    already: "运行先前已经得到这个指令。",
  },
};

export function useLiveTexts(): LiveTexts {
  return useContext(LanguageContext) === "zh" ? ZH : EN;
}

export const LIVE_TEXTS: Record<"en" | "zh", LiveTexts> = { en: EN, zh: ZH };
