"""Ask a folder: LangChain finds the paragraphs that fit, by Parley's embeddings, and lets one of its bots answer from them."""

import argparse
import os
from pathlib import Path

from langchain_core.documents import Document
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.vectorstores import InMemoryVectorStore
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

ENDINGS = {".md", ".txt"}
PROMPT = ChatPromptTemplate.from_template(
    "Answer the question from these passages alone, and name the files that you used.\n\n{passages}\n\nQuestion: {question}"
)


def paragraphs(folder: Path) -> list[Document]:
    """What stands between empty lines, with the file's name."""
    return [
        Document(text.strip(), metadata={"file": str(path.relative_to(folder))})
        for path in sorted(folder.rglob("*"))
        if path.suffix in ENDINGS
        for text in path.read_text(encoding="utf-8").split("\n\n")
        if text.strip()
    ]


def main() -> None:
    """Print the answer as it comes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("question")
    parser.add_argument("--bot", required=True, help="a name of GET /v1/models")
    parser.add_argument("--embeddings", required=True, help="a model for embeddings of GET /v1/models")
    chosen = parser.parse_args()

    parley = {"base_url": os.environ["PARLEY_URL"].rstrip("/") + "/v1", "api_key": os.environ["PARLEY_KEY"]}
    # Words, not numbers of tokens: those would be of OpenAI's own models.
    store = InMemoryVectorStore(OpenAIEmbeddings(model=chosen.embeddings, check_embedding_ctx_length=False, **parley))
    store.add_documents(paragraphs(chosen.folder))
    found = store.similarity_search(chosen.question, k=4)
    passages = "\n\n".join(f"[{passage.metadata['file']}]\n{passage.page_content}" for passage in found)

    chain = PROMPT | ChatOpenAI(model=chosen.bot, **parley) | StrOutputParser()
    for piece in chain.stream({"passages": passages, "question": chosen.question}):
        print(piece, end="", flush=True)
    print()


if __name__ == "__main__":
    main()
