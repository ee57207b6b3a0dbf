import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { t } from "../i18n/t";
import { Loaded } from "../settings/Loaded";
import { Section } from "../settings/Section";
import { AddIcon } from "../shell/icons";
import { AddEndpoint } from "./AddEndpoint";
import { EndpointCard } from "./EndpointCard";
import { LocalModels } from "./LocalModels";
import { allModelsQuery, endpointsQuery } from "./queries";

export function ModelsPage() {
  return (
    <>
      <Endpoints />
      <LocalModels />
    </>
  );
}

function Endpoints() {
  const endpoints = useQuery(endpointsQuery);
  const models = useQuery(allModelsQuery).data ?? [];
  const [isAdding, setAdding] = useState(false);
  const isEmpty = endpoints.data?.every((endpoint) => endpoint.source === "built-in") ?? false;
  const add = (
    <Button variant="contained" startIcon={<AddIcon />} onClick={() => setAdding(true)}>
      {t("models.add")}
    </Button>
  );
  return (
    <Section title={t("models.title")} hint={t("models.hint")} action={isAdding || isEmpty ? undefined : add}>
      {(isAdding || isEmpty) && (
        <AddEndpoint onClose={isEmpty ? null : () => setAdding(false)} onAdded={() => setAdding(false)} />
      )}
      <Loaded query={endpoints}>
        {(items) => (
          <Box sx={{ display: "grid", gap: 2 }}>
            {items.map((endpoint) => (
              <EndpointCard
                key={endpoint.id}
                endpoint={endpoint}
                models={models.filter((model) => model.endpoint.id === endpoint.id)}
              />
            ))}
          </Box>
        )}
      </Loaded>
    </Section>
  );
}
