import "./style/tokens.css";
import "./style/base.css";
import { render } from "preact";
import { App } from "./app";
import { applyTheme } from "./theme";

applyTheme();
const root = document.getElementById("page");
if (root) render(<App />, root);
