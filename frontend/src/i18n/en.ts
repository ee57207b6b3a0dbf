export const en = {
  "error.unreachable": "Parley could not be reached. Check the network, then try again.",
  "error.status": "Parley answered with an error ({status}). Try again.",
} as const;
