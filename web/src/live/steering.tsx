// The buttons that steer a run. Each asks before it sends.
import { useState } from "preact/hooks";
import { type LiveTexts, useLiveTexts } from "../text/live_texts";
import { type Question, QuestionDialog } from "./question";
import type { Server } from "./server";
import { told } from "./told";

/** What is sent, as the server reads it. */
type Command = string | { rate: string } | { in_flight: number };

interface Steer extends Question {
  name: string;
  command: (value: string) => Command;
}

interface SteeringProps {
  server: Server;
  /** Where the run stands on the server. */
  address: string;
  paused: boolean;
}

export function Steering({ server, address, paused }: SteeringProps) {
  const t = useLiveTexts();
  const [asked, setAsked] = useState<Steer | null>(null);
  const [answer, setAnswer] = useState<{ text: string; problem: boolean } | null>(null);
  const send = async (command: Command) => {
    setAnswer(null);
    try {
      const { already } = await server.post<{ already: boolean }>(`${address}/steer`, { what: command });
      if (already) setAnswer({ text: t.ask.already, problem: false });
    } catch (error) {
      setAnswer({ text: told(error, t), problem: true });
    }
  };
  return (
    <div class="steering" role="group" aria-label={t.run.steer}>
      {steersOf(t, paused).map((steer, at) => (
        <button type="button" key={at} onClick={() => setAsked(steer)}>{steer.name}</button>
      ))}
      {answer && <p class={answer.problem ? "problem" : "quiet"} role={answer.problem ? "alert" : "status"}>{answer.text}</p>}
      {asked && (
        <QuestionDialog
          question={asked}
          onYes={(value) => void send(asked.command(value))}
          onClose={() => setAsked(null)}
        />
      )}
    </div>
  );
}

function steersOf({ ask }: LiveTexts, paused: boolean): Steer[] {
  const plain = (name: string, text: string, yes: string, command: string): Steer => ({ name, text, yes, command: () => command });
  return [
    paused ? plain(ask.resume, ask.resumeText, ask.resume, "resume") : plain(ask.pause, ask.pauseText, ask.pause, "pause"),
    {
      name: ask.rate,
      text: ask.rateText,
      yes: ask.set,
      value: { name: ask.rate, example: "5/s" },
      command: (rate) => ({ rate: /^\d+$/.test(rate) ? `${rate}/s` : rate }),
    },
    {
      name: ask.inFlight,
      text: ask.inFlightText,
      yes: ask.set,
      value: { name: ask.inFlight, example: "4" },
      command: (calls) => ({ in_flight: Number(calls) }),
    },
    plain(ask.drain, ask.drainText, ask.drain, "drain"),
    plain(ask.cancel, ask.cancelText, ask.cancelYes, "cancel"),
  ];
}
