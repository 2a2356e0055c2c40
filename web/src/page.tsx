// Starts the page: the first two sections stand in the document already; this adds the others and the switches.
import "uplot/dist/uPlot.min.css";
import "./style.css";
import { render } from "preact";
import { FileSource } from "./data/file_source";
import { App } from "./view/app";

function start(): void {
  const root = document.documentElement;
  const [app, tools] = [document.getElementById("app"), document.getElementById("tools")];
  if (!app || !tools) return;
  root.dataset["script"] = "on";
  render(<App source={new FileSource(document)} tools={tools} made={root.dataset["made"] ?? ""} />, app);
}

start();
