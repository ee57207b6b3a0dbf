import { ExportSection } from "./ExportSection";
import { ImportSection } from "./ImportSection";

/** What is yours: to take along, and to bring along. */
export default function DataPage() {
  return (
    <>
      <ExportSection />
      <ImportSection />
    </>
  );
}
