import Box from "@mui/material/Box";
import { memo } from "react";
import { ActionButton } from "../actions/ActionButton";
import { copy, edit, type MessageTarget } from "../actions/message_actions";
import { t } from "../i18n/t";
import { useObservable } from "../shell/observable";
import { useParley } from "../shell/parley";
import { Bubble } from "./Bubble";
import { EditQuestion } from "./EditQuestion";
import { Parts } from "./Parts";
import type { RowProps } from "./row";
import { SiblingSwitch } from "./SiblingSwitch";
import { TOOLS_HEIGHT_PX, useDeferredTools } from "./tools";

/** What a person said. */
export const Question = memo(function Question({ message, siblings, conversation, bot, isBusy }: RowProps) {
  const { editing } = useParley();
  const isEdited = useObservable(editing) === message.id;
  const hasTools = useDeferredTools();
  const target: MessageTarget = { message, conversation, bot, isBusy };
  return (
    <Box
      component="article"
      aria-label={t("question.label")}
      data-message={message.id}
      sx={{ py: 1.5, "&:hover .quiet, &:focus-within .quiet": { opacity: 1 } }}
    >
      {isEdited ? (
        <EditQuestion {...target} />
      ) : (
        <>
          <Bubble>
            <Parts parts={message.parts} isWriting={false} isPlain />
          </Bubble>
          <Box
            className="quiet"
            sx={{
              display: "flex",
              alignItems: "center",
              justifyContent: "flex-end",
              minHeight: TOOLS_HEIGHT_PX,
              mt: 0.25,
              color: "text.secondary",
              "@media (hover: hover)": { "&.quiet": { opacity: 0, transition: "opacity 120ms" } },
            }}
          >
            {hasTools && <ActionButton action={copy} target={target} />}
            {hasTools && <ActionButton action={edit} target={target} />}
            <SiblingSwitch message={message} siblings={siblings} conversation={conversation} />
          </Box>
        </>
      )}
    </Box>
  );
});
