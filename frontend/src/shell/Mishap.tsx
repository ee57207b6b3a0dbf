import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { Component, type ReactNode } from "react";
import { t } from "../i18n/t";

type Props = {
  /** Where another one is a new beginning. */
  place?: string;
  children: ReactNode;
};

/**
 * Where something broke while it was drawn: says so, in place of a blank page. Often it is a file of an older version,
 * which a newer server does not have any more; then a reload is all that is needed.
 */
export class Mishap extends Component<Props, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true };
  }

  override componentDidUpdate(before: Props): void {
    if (before.place !== this.props.place && this.state.isBroken) this.setState({ isBroken: false });
  }

  override render(): ReactNode {
    if (!this.state.isBroken) return this.props.children;
    return (
      <Box
        component="main"
        sx={{
          flex: 1,
          height: "100%",
          display: "grid",
          placeContent: "center",
          justifyItems: "center",
          gap: 2,
          p: 3,
        }}
      >
        <Typography role="alert">{t("mishap.text")}</Typography>
        <Button variant="contained" onClick={() => window.location.reload()}>
          {t("mishap.reload")}
        </Button>
      </Box>
    );
  }
}
