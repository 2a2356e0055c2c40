// Starts the live page, which `runsheet ui` serves.
import "uplot/dist/uPlot.min.css";
import "./style.css";
import "./live.css";
import { render } from "preact";
import { LiveApp } from "./live/live_app";
import { Server } from "./live/server";

function start(): void {
  const [app, tools] = [document.getElementById("app"), document.getElementById("tools")];
  if (!app || !tools) return;
  document.documentElement.dataset["script"] = "on";
  render(<LiveApp server={new Server()} tools={tools} />, app);
}

start();
