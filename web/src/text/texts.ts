// The words of the page in English and Chinese. The words of the first two sections are written by the Rust side.
import type { Outcome } from "../data/types";

export interface Texts {
  outcome: Record<Outcome, string>;
  language: string;
  theme: { label: string; auto: string; light: string; dark: string };
  print: string;
  copy: string;
  copied: string;
  problem: string;
  /** What stands between a word and what belongs to it. */
  colon: string;
  /** What stands between the parts of a list. */
  comma: string;
  pace: {
    title: string;
    calls: string;
    limit: (operation: string, rate: string) => string;
    perSecond: string;
    waits: string;
    waitsUnit: string;
    none: string;
    figures: string;
    time: string;
    latency: string;
    operation: string;
    callsColumn: string;
    slowest: string;
    histogram: (operation: string) => string;
    took: string;
    noLatency: string;
    noWaits: string;
    show: (name: string) => string;
  };
  wait: Record<string, string>;
  rows: {
    title: string;
    search: string;
    outcome: string;
    step: string;
    code: string;
    message: string;
    attempts: string;
    ended: string;
    number: string;
    any: string;
    clear: string;
    shown: (shown: number, all: number) => string;
    sample: (kept: number, total: number) => string;
    none: string;
    empty: string;
    underWay: string;
    unfinished: string;
    kind: (number: number) => string;
    open: (number: number) => string;
    sortedUp: string;
    sortedDown: string;
    table: string;
    loading: string;
    printed: (shown: number, all: number) => string;
  };
  story: {
    title: (number: number) => string;
    close: string;
    previous: string;
    next: string;
    unknown: string;
    none: string;
    loading: string;
    problem: string;
    cells: string;
    request: string;
    answer: string;
    waits: string;
    outputs: string;
    decided: string;
    next_step: string;
    attempt: (number: number) => string;
    element: (number: number) => string;
    took: string;
    sent: string;
    lookup: string;
    rollback: string;
    request_id: string;
    results: string;
    elsewhere: string;
    timeline: string;
    raw: string;
    cut: (bytes: number) => string;
    left_out: (moments: number) => string;
    run_kind: Record<string, string>;
    what: Record<string, string>;
    /** The commands that steer a run. */
    command: Record<string, string>;
    end: Record<string, string>;
    check: Record<string, string>;
    /** What the rule is that decided, by its kind. */
    rule: Record<string, (code: string, meaning: string, operation: string) => string>;
  };
}

export const EN: Texts = {
  outcome: {
    unknown: "unknown",
    partial: "partial",
    failed: "failed",
    not_started: "not started",
    succeeded: "succeeded",
    unchanged: "unchanged",
    skipped: "skipped",
  },
  language: "Language",
  theme: { label: "Theme", auto: "System", light: "Light", dark: "Dark" },
  print: "Print",
  copy: "Copy",
  copied: "Copied",
  problem: "The page cannot read its own data",
  colon: ": ",
  comma: ", ",
  pace: {
    title: "Pace",
    calls: "Calls a second",
    limit: (operation, rate) => `${operation}: limit ${rate}/s`,
    perSecond: "calls/s",
    waits: "What calls waited for",
    waitsUnit: "calls waiting",
    none: "No call was made.",
    figures: "Show the figures as a table",
    time: "Time",
    latency: "How long calls took",
    operation: "Operation",
    callsColumn: "Calls",
    slowest: "Slowest",
    histogram: (operation) => `${operation}: calls by time taken`,
    took: "time taken",
    noLatency: "The journal of this run does not say how long calls took.",
    noWaits: "No call waited for a tenth of a second or longer.",
    show: (name) => `Show ${name}`,
  },
  wait: {
    back_off: "back-off before the next attempt",
    retry_after: "Retry-After of the vendor",
    settling: "until a lookup is reliable",
    until: "next read of `until`",
    limit: "rate limit",
    throttled: "pause after a throttled answer",
    window: "send window",
    login: "login",
    in_flight: "calls under way",
    effect_budget: "effect budget",
    paused: "paused by a person",
    out_of_reach: "vendor out of reach",
    shortage: "no connection left here",
    other_run: "same call of another run",
    journal: "journal",
  },
  rows: {
    title: "Rows",
    search: "Search rows",
    outcome: "Outcome",
    step: "Step",
    code: "Code",
    message: "Message",
    attempts: "Attempts",
    ended: "Ended at",
    number: "Row",
    any: "any",
    clear: "Show all rows",
    shown: (shown, all) => `${group(shown)} of ${group(all)} rows`,
    sample: (kept, total) =>
      `This page holds ${group(kept)} of the ${group(total)} rows: all that did not succeed, and a sample of the others.`,
    none: "No row matches.",
    empty: "There is no row yet.",
    underWay: "under way",
    unfinished: "not finished",
    kind: (number) => `Kind ${number}`,
    open: (number) => `Row ${number}: open its story`,
    sortedUp: "sorted upwards",
    sortedDown: "sorted downwards",
    table: "Rows of the run",
    loading: "Reading the rows …",
    printed: (shown, all) => `The first ${group(shown)} of ${group(all)} rows are printed.`,
  },
  story: {
    title: (number) => `Row ${group(number)}`,
    close: "Close",
    previous: "Previous row",
    next: "Next row",
    unknown: "This page does not hold this row.",
    none: "This page holds no story of this row. Read it with this command:",
    loading: "Reading the story …",
    problem: "The story cannot be read",
    cells: "Cells",
    request: "Request",
    answer: "Answer",
    waits: "Waited",
    outputs: "Outputs",
    decided: "Decided by",
    next_step: "What to do",
    attempt: (number) => `Attempt ${number}`,
    element: (number) => `element ${number}`,
    took: "took",
    sent: "Sent at",
    lookup: "lookup",
    rollback: "rollback",
    request_id: "The vendor's request id:",
    results: "Results",
    elsewhere: "The same row in other runs",
    timeline: "What happened",
    raw: "All that is known, as JSON",
    cut: (bytes) => `Cut: ${group(bytes)} bytes in all.`,
    left_out: (moments) => `${group(moments)} moments are left out.`,
    run_kind: { run: "run", retry: "retry", undo: "undo" },
    what: {
      process_began: "A process began to drive the run",
      run_stopped: "The run stopped",
      run_finished: "The run finished",
      from_copy: "The run went on from a copy of its journal",
      intended: "A call was about to be sent; no answer is recorded",
      step_ended: "The step ended",
      rollback_started: "The rollback of the row began",
      settled: "A person settled the call",
      reopened: "The call is looked up again",
      imported: "Done in the earlier run",
      continued_in: "The row goes on in the run",
      row_ended: "The row ended",
      steered: "A person steered the run",
    },
    command: {
      pause: "pause",
      resume: "resume",
      drain: "drain",
      cancel: "cancel",
      rate: "rate",
      in_flight: "calls under way at once",
    },
    end: {
      answered: "answered",
      lost: "no answer came",
      unsent: "did not reach the vendor",
      looked_up: "looked up",
      lookup_failed: "the lookup gave no verdict",
      not_made: "not sent",
    },
    check: {
      same: "Its hash in the journal is the same: this is what was sent.",
      differs: "Its hash in the journal differs: something else was sent.",
      no_hash: "The journal keeps no hash of it, because it only reads.",
      lost: "It cannot be rebuilt.",
    },
    rule: {
      success: () => "the rule of success holds",
      success_of_step: () => "the step's own rule of success holds",
      code: (code, meaning) => `the table of codes: \`${code}\` is \`${meaning}\``,
      other_code: (code, meaning) => `\`otherwise\`: a code that no table lists, here \`${code}\`, is \`${meaning}\``,
      items: (_, meaning) => `the rule of single items: some of them failed, which is \`${meaning}\``,
      missing_output: (_, meaning) => `a required output is missing, so the answer is \`${meaning}\``,
      unlisted: (_, meaning, operation) => `no rule of ${operation} fits the answer, so it is \`${meaning}\``,
      took_effect: () => "the lookup's `took_effect` holds",
      no_effect: () => "the lookup finds no effect, and the file says that this is conclusive",
      undecided: () => "the lookup cannot tell",
    },
  },
};

export const ZH: Texts = {
  outcome: {
    unknown: "未知",
    partial: "部分完成",
    failed: "失败",
    not_started: "未开始",
    succeeded: "成功",
    unchanged: "无需更改",
    skipped: "已跳过",
  },
  language: "语言",
  theme: { label: "主题", auto: "跟随系统", light: "浅色", dark: "深色" },
  print: "打印",
  copy: "复制",
  copied: "已复制",
  problem: "页面无法读取自身的数据",
  colon: "：",
  comma: "，",
  pace: {
    title: "速率",
    calls: "每秒调用数",
    limit: (operation, rate) => `${operation}：限制 ${rate} 次/秒`,
    perSecond: "次/秒",
    waits: "调用在等待什么",
    waitsUnit: "等待中的调用数",
    none: "没有发出任何调用。",
    figures: "以表格显示数据",
    time: "时间",
    latency: "调用耗时",
    operation: "操作",
    callsColumn: "调用数",
    slowest: "最慢",
    histogram: (operation) => `${operation}：按耗时统计的调用数`,
    took: "耗时",
    noLatency: "这次运行没有记录调用耗时。",
    noWaits: "没有调用等待超过十分之一秒。",
    show: (name) => `显示${name}`,
  },
  wait: {
    back_off: "下次尝试前的退避",
    retry_after: "厂商的 Retry-After",
    settling: "等到回查可靠",
    until: "下一次读取 `until`",
    limit: "速率限制",
    throttled: "被限流后的暂停",
    window: "发送时段",
    login: "登录",
    in_flight: "同时进行的调用数",
    effect_budget: "影响预算",
    paused: "有人暂停",
    out_of_reach: "无法连接厂商",
    shortage: "本机没有可用连接",
    other_run: "另一次运行的同一调用",
    journal: "运行记录写入磁盘",
  },
  rows: {
    title: "各行",
    search: "搜索各行",
    outcome: "结果",
    step: "步骤",
    code: "代码",
    message: "消息",
    attempts: "尝试次数",
    ended: "结束时间",
    number: "行",
    any: "全部",
    clear: "显示所有行",
    shown: (shown, all) => `${group(all)} 行中的 ${group(shown)} 行`,
    sample: (kept, total) => `本页包含 ${group(total)} 行中的 ${group(kept)} 行：所有未成功的行，以及其余行的抽样。`,
    none: "没有匹配的行。",
    empty: "还没有行。",
    underWay: "进行中",
    unfinished: "未结束",
    kind: (number) => `类别 ${number}`,
    open: (number) => `第 ${number} 行：查看经过`,
    sortedUp: "升序",
    sortedDown: "降序",
    table: "本次运行的各行",
    loading: "正在读取各行……",
    printed: (shown, all) => `打印了 ${group(all)} 行中的前 ${group(shown)} 行。`,
  },
  story: {
    title: (number) => `第 ${group(number)} 行`,
    close: "关闭",
    previous: "上一行",
    next: "下一行",
    unknown: "本页没有这一行。",
    none: "本页没有这一行的经过。用这条命令查看：",
    loading: "正在读取经过……",
    problem: "无法读取经过",
    cells: "单元格",
    request: "请求",
    answer: "应答",
    waits: "等待",
    outputs: "输出",
    decided: "判定依据",
    next_step: "下一步",
    attempt: (number) => `第 ${number} 次尝试`,
    element: (number) => `第 ${number} 个元素`,
    took: "耗时",
    sent: "发送于",
    lookup: "回查",
    rollback: "回滚",
    request_id: "厂商的请求编号：",
    results: "结果值",
    elsewhere: "这一行在其他运行中",
    timeline: "经过",
    raw: "所有已知信息（JSON）",
    cut: (bytes) => `已截断：共 ${group(bytes)} 字节。`,
    left_out: (moments) => `省略了 ${group(moments)} 个时刻。`,
    run_kind: { run: "运行", retry: "重试", undo: "撤销" },
    what: {
      process_began: "一个进程开始执行运行",
      run_stopped: "运行停止",
      run_finished: "运行结束",
      from_copy: "运行从运行记录的副本继续",
      intended: "即将发送调用；没有应答的记录",
      step_ended: "步骤结束",
      rollback_started: "开始回滚这一行",
      settled: "有人认定了这次调用",
      reopened: "再次回查这次调用",
      imported: "已在先前的运行中完成：",
      continued_in: "这一行在以下运行中继续：",
      row_ended: "这一行结束",
      steered: "有人操控了运行",
    },
    command: {
      pause: "暂停",
      resume: "结束暂停",
      drain: "排空",
      cancel: "取消",
      rate: "速率",
      in_flight: "同时进行的调用数",
    },
    end: {
      answered: "有应答",
      lost: "没有应答",
      unsent: "没有到达厂商",
      looked_up: "已回查",
      lookup_failed: "回查没有结论",
      not_made: "没有发送",
    },
    check: {
      same: "与运行记录中的摘要一致：发送的就是它。",
      differs: "与运行记录中的摘要不一致：发送的是别的内容。",
      no_hash: "它只读取，运行记录中没有它的摘要。",
      lost: "无法重建。",
    },
    rule: {
      success: () => "符合成功的规则",
      success_of_step: () => "符合这一步自己的成功规则",
      code: (code, meaning) => `代码表把 \`${code}\` 判为 \`${meaning}\``,
      other_code: (code, meaning) => `\`otherwise\`：没有代码表列出的代码，这里是 \`${code}\`，判为 \`${meaning}\``,
      items: (_, meaning) => `单个项目的规则：其中有失败的，判为 \`${meaning}\``,
      missing_output: (_, meaning) => `缺少必需的输出，所以把应答判为 \`${meaning}\``,
      unlisted: (_, meaning, operation) => `${operation} 没有适用于这个应答的规则，所以判为 \`${meaning}\``,
      took_effect: () => "回查的 `took_effect` 成立",
      no_effect: () => "回查没有发现影响，而厂商文件说明这个结论是确定的",
      undecided: () => "回查无法判断",
    },
  },
};

function group(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}
