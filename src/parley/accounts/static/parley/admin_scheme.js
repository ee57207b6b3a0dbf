"use strict";
// Light or dark as it was chosen in Parley (Settings, Appearance); else as the system says.
{
  let mode = null;
  try {
    mode = localStorage.getItem("parley.mode");
  } catch {
    // A window without storage follows the system.
  }
  document.documentElement.dataset.theme = mode === "light" || mode === "dark" ? mode : "auto";
}
