"""The baseline: the usual tutorial chain over the same passages, built of the libraries alone."""

from __future__ import annotations

from itertools import cycle

from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import Runnable, RunnableLambda, RunnablePassthrough

from knowledge.embedder import ReferenceEmbedder
from knowledge.embedding_model import EmbeddingModel
from knowledge.library import Library


class _Reference(Embeddings):
    """sentence-transformers, as LangChain wants it."""

    def __init__(self, model: EmbeddingModel) -> None:
        self._embedder = ReferenceEmbedder(model)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[float(number) for number in vector] for vector in self._embedder.embed(texts)]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def naive_chain(library: Library, model: EmbeddingModel) -> Runnable[str, str]:
    """sentence-transformers, Chroma, a prompt and a model that costs nothing."""
    documents = [Document(passage.text) for passage in library.passages()]
    store = Chroma.from_documents(documents, _Reference(model), collection_metadata={"hnsw:space": "cosine"})
    return (
        {"context": store.as_retriever() | RunnableLambda(_joined), "question": RunnablePassthrough()}
        | ChatPromptTemplate.from_template("Answer from the context only.\n\n{context}\n\nQuestion: {question}")
        | GenericFakeChatModel(messages=cycle([AIMessage("An answer.")]))
        | StrOutputParser()
    )


def _joined(found: list[Document]) -> str:
    return "\n\n".join(document.page_content for document in found)
