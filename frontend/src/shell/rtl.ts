// What turns styles around for languages that are read from the right. A chunk of its own.
export { default as rtl } from "@mui/stylis-plugin-rtl";
export { prefixer } from "stylis";
