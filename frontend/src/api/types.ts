// The shapes of /api/v1, as the server answers them. Written from the contract by hand.

export type Id = string;
/** ISO 8601, UTC. */
export type Time = string;

export type Page<Item> = { items: Item[]; next: string | null };

/** `locale`: what is spoken to who chose no language; empty: what their browser asks for. */
export type Config = { name: string; sign_up_open: boolean; locale: string };

export type Role = "owner" | "admin" | "member" | "guest";

/** `role`: one's own. `default_bot`: who answers where nobody chose. `may_…`: what others than owners and admins may do. */
export type Workspace = {
  id: Id;
  name: string;
  role: Role;
  sign_up_open: boolean;
  sign_up_role: Role;
  locale: string;
  default_bot: Id | null;
  may_make_bots: boolean;
  may_make_keys: boolean;
  may_share_links: boolean;
  version: number;
};

export type WorkspaceChange = Partial<Omit<Workspace, "id" | "role" | "version">>;

export type Me = {
  user: { id: Id; email: string; name: string };
  workspace: Workspace;
  limits: { message_bytes: number; file_bytes: number };
};

export type ApiKey = { id: Id; name: string; last_four: string; created_at: Time; last_used_at: Time | null };
/** `key` is shown once, in the answer to its making. */
export type NewApiKey = ApiKey & { key: string };

export type SignIn = { id: Id; current: boolean; created_at: Time; user_agent: string };

/** `counts`: of the whole workspace, whatever was looked for; `off` are those who are switched off. */
export type PeoplePage = Page<Person> & { counts: Record<Role | "off", number> };

export type Person = {
  id: Id;
  email: string;
  name: string;
  role: Role;
  active: boolean;
  joined_at: Time;
  /** Null: never came. */
  last_sign_in_at: Time | null;
  is_me: boolean;
  may_manage: boolean;
};

/** What goes with a person who is removed; bots stay. */
export type Belongings = {
  conversations: number;
  files: number;
  file_bytes: number;
  archives: number;
  keys: number;
  bots: number;
};

export type Invitation = {
  id: Id;
  role: Role;
  note: string;
  most_uses: number;
  uses: number;
  made_by: string | null;
  created_at: Time;
  expires_at: Time;
};
/** The link is `/join/TOKEN`, and shown once. */
export type NewInvitation = Invitation & { token: string };

/** What whoever holds an invitation may know. */
export type Welcome = { workspace: string; role: Role; expires_at: Time };

/** What one person used of one model on one day (UTC). */
export type UsageDay = {
  /** As `2026-11-21`. */
  day: string;
  /** Null: somebody who left. */
  user: Id | null;
  email: string | null;
  model: string;
  answers: number;
  errors: number;
  calls: number;
  input_tokens: number;
  output_tokens: number;
  dollars: number;
  first_word_ms: number | null;
};

/** `user` is null where it is the whole workspace's. A limit is null where there is none; what is used is of this month (UTC). */
export type Budget = {
  user: Id | null;
  email: string | null;
  name: string | null;
  used_tokens: number;
  used_dollars: number;
} & Limits;

export type Limits = {
  tokens_per_month: number | null;
  dollars_per_month: number | null;
  tokens_per_minute: number | null;
  concurrent: number | null;
};

/** In days; 0: for ever; null: as the environment of the server says. */
export type RetentionDays = {
  conversations: number | null;
  archives: number | null;
  files: number | null;
  usage: number | null;
};

/** `machine`: what the environment says. */
export type Retention = {
  days: RetentionDays;
  machine: RetentionDays;
  archives_are_on: boolean;
  version: number;
};

/** What a choice would delete within the hour. */
export type RetentionFate = {
  conversations: number;
  archives: number;
  files: number;
  file_bytes: number;
  usage_records: number;
};

export type Condition = {
  checks: { name: string; state: "ok" | "failing" | "degraded"; remedy: string }[];
  processes: { name: string; ready: boolean }[];
  versions: Record<string, string>;
  replies_waiting: number;
  replies_written: number;
  database_bytes: number | null;
  disk_free_bytes: number;
  disk_bytes: number;
  files_in: string;
};

export type Vendor = {
  id: string;
  label: string;
  wire: string;
  base_url: string;
  key_url: string;
  needs_key: boolean;
};

export type Endpoint = {
  id: Id;
  name: string;
  wire: string;
  base_url: string;
  key_last4: string;
  source: "built-in" | "environment" | "screen";
  enabled: boolean;
  /** Limits: null where there is none. */
  max_concurrent: number | null;
  tokens_per_minute: number | null;
  dollars_per_month: number | null;
  version: number;
  /** How many model cards it offers. */
  models: number;
  health: "ok" | "failing" | "unknown";
  problem?: string | null;
};

/** One that the model service of this machine offers. Sizes are in bytes; 0 in memory: loaded when it is asked for. */
export type LocalModel = {
  name: string;
  folder: string;
  kind: "causal" | "seq2seq" | "embedding";
  context_window: number;
  size_bytes: number;
  in_memory_bytes: number;
};

/** One on its way from the hub. `problem`: why it has failed, or is held up at this moment; 0 in all: not known yet. */
export type ModelDownload = {
  name: string;
  revision: string;
  state: "waiting" | "running" | "paused" | "failed" | "done";
  done_bytes: number;
  total_bytes: number;
  problem: string;
};

export type Model = {
  id: Id;
  name: string;
  label: string;
  endpoint: { id: Id; name: string };
  /** Its default bot. */
  bot: Id | null;
  context_window: number;
  vision: boolean;
  tools: boolean;
  prefill: boolean;
  embeds: boolean;
  enabled: boolean;
  is_guide: boolean;
  /** It stands for a rule, which chooses among models. */
  is_rule: boolean;
  /** US dollars a million tokens; null: not known. */
  input_price: number | null;
  output_price: number | null;
};

export type Effort = "none" | "low" | "medium" | "high";

/** What an answer must look like. */
export type Shape =
  | { type: "json"; json_schema: { [keyword: string]: unknown } }
  | { type: "regex"; pattern: string }
  | { type: "choices"; choices: string[] };

export type Parameters = {
  temperature?: number | null;
  top_p?: number | null;
  max_tokens?: number | null;
  seed?: number | null;
  stop?: string[];
  reasoning?: Effort | null;
  shape?: Shape | null;
  tools?: string[];
};

export type Tool = { name: string; label: string; description: string };

/** How a bot looks: a picture, or letters on a colour. */
export type Face = { name: string; avatar: string; colour: string; picture: Id | null };

/** Whom a bot is for; "chosen": some people and roles. */
export type Who = "everyone" | "chosen" | "maker";

export type Bot = Face & {
  id: Id;
  /** What it is for, in a line or two. */
  description: string;
  greeting: string;
  starters: string[];
  model: { id: Id; name: string; label: string } | null;
  version: number;
  /** Made by Parley for a model. */
  is_default: boolean;
  may_edit: boolean;
  shape: Shape["type"] | null;
  audience: Who;
  is_mine: boolean;
};

/** One that answers no more, until somebody restores it. */
export type DeletedBot = Bot & { deleted_at: Time };

/** What is more than a bot is null for whoever may not edit it. */
export type BotDetail = Bot & {
  system_prompt: string | null;
  parameters: Parameters | null;
  collections: Id[] | null;
  roles: Role[] | null;
  people: string[] | null;
};

export type BotVersion = Face & {
  number: number;
  description: string;
  system_prompt: string;
  greeting: string;
  starters: string[];
  model: { id: Id; name: string; label: string } | null;
  parameters: Parameters;
  collections: Id[];
  made_by: string | null;
  created_at: Time;
};

/** `people`: e-mail addresses. */
export type Audience = { who: Who; roles: Role[]; people: string[] };

export type BotDraft = Face & {
  description: string;
  system_prompt: string;
  greeting: string;
  starters: string[];
  model: Id | null;
  parameters: Parameters;
  collections: Id[];
};

export type TextPart = { type: "text"; text: string };
export type ReasoningPart = { type: "reasoning"; text: string };
export type ImagePart = { type: "image"; url: string };
/** `file` is its id; `upload:KEY` while it is on its way to the server. */
export type FilePart = {
  type: "file";
  file: Id;
  name: string;
  media_type: string;
  size_bytes: number;
  kind: FileKind;
};
/** `opaque`: the thoughts that led to the call, sealed; its vendor wants them back with the result. */
export type ToolCallPart = {
  type: "tool_call";
  id: string;
  name: string;
  arguments: string;
  opaque?: string;
};
export type ToolResultPart = { type: "tool_result"; id: string; text: string; is_error: boolean };
export type CitationPart = { type: "citation"; number: number; title: string; path: string; text: string };
export type Part =
  | TextPart
  | ReasoningPart
  | ImagePart
  | FilePart
  | ToolCallPart
  | ToolResultPart
  | CitationPart;

export type FileKind = "image" | "text" | "pdf" | "other";

/** `problem`: why no model can read it; empty if one can. */
export type StoredFile = {
  id: Id;
  name: string;
  media_type: string;
  size_bytes: number;
  kind: FileKind;
  problem: string;
  created_at: Time;
};

/** What was typed and not sent. `version` 0: nothing ever was. */
export type WrittenDraft = { text: string; version: number };

/** `author`: who shares it; empty for one's own. */
export type Prompt = {
  id: Id;
  name: string;
  text: string;
  shared: boolean;
  author: string;
  may_edit: boolean;
  version: number;
};

export type MessageStatus = "writing" | "completed" | "stopped" | "failed" | "interrupted";

export type GenerationError = { code: string; message: string; retryable: boolean };

export type MessageGeneration = {
  id: Id;
  status: string;
  last_seq: number;
  error: GenerationError | null;
};

export type Message = {
  id: Id;
  parent: Id | null;
  role: "user" | "assistant";
  parts: Part[];
  status: MessageStatus;
  bot: (Face & { id: Id; version: number; shape: Shape["type"] | null; is_rule: boolean }) | null;
  model: string | null;
  /** Of an answer that did not complete, or not yet. */
  generation: MessageGeneration | null;
  created_at: Time;
};

export type ConversationSummary = {
  id: Id;
  title: string;
  bot: Id | null;
  version: number;
  created_at: Time;
  updated_at: Time;
} & Kept;

/** How a person keeps a conversation. */
export type Kept = {
  folder: Id | null;
  pinned: boolean;
  archived: boolean;
  /** In no list, and gone after a day. */
  temporary: boolean;
  tags: string[];
};

export type Folder = { id: Id; name: string };

/** A link to a picture of a branch; its address is `/shared/TOKEN`. */
export type Share = { id: Id; token: string; created_at: Time; expires_at: Time | null };

export type Shared = {
  title: string;
  created_at: Time;
  messages: {
    id: Id;
    role: "user" | "assistant";
    parts: Part[];
    bot: { name: string; avatar: string } | null;
    created_at: Time;
  }[];
};

/** `messages`: the whole tree, oldest first; `leaf`: the message whose branch is shown. */
export type Conversation = ConversationSummary & { leaf: Id | null; messages: Message[] };

/** What a post, an edit, a regeneration and a continuation answer. */
export type Posted = { conversation: Id; message: Id; answer: Id; generation: Id };

export type SearchHit = {
  conversation: { id: Id; title: string };
  message: Id;
  role: "user" | "assistant";
  /** Plain text with U+0002 … U+0003 around each hit. */
  snippet: string;
  created_at: Time;
};
