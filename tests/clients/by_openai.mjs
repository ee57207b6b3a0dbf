// openai, for Node.js. Told as the scripts in Python tell it; see asked.py, from which the names come through the environment.
import OpenAI from "openai";

const { says, tool, form, embeds, question, texts, pictureUrl, schema } = JSON.parse(process.env.ASKED);
const client = new OpenAI({
  baseURL: `${process.env.PARLEY_URL}/v1`,
  apiKey: process.env.PARLEY_KEY,
  maxRetries: 0,
});

async function say(model, messages, fields = {}) {
  const answer = await client.chat.completions.create({ model, messages, ...fields });
  return answer.choices[0].message;
}

const asked = [{ role: "user", content: question }];
const spec = {
  name: "lookup",
  parameters: { type: "object", properties: { query: { type: "string" } } },
};
const called = await say(tool, asked, { tools: [{ type: "function", function: spec }] });
const [call] = called.tool_calls;
const result = {
  role: "tool",
  tool_call_id: call.id,
  content: `found ${JSON.parse(call.function.arguments).query}`,
};
const pieces = [];
for await (const chunk of client.chat.completions.stream({ model: says, messages: asked })) {
  const piece = chunk.choices[0]?.delta.content;
  if (piece) pieces.push(piece);
}
const picture = [
  { type: "text", text: question },
  { type: "image_url", image_url: { url: pictureUrl } },
];
const wanted = { type: "json_schema", json_schema: { name: "animal", schema, strict: true } };
const embedded = await client.embeddings.create({ model: embeds, input: texts });

console.log(
  JSON.stringify({
    whole: (await say(says, asked)).content,
    stream: pieces,
    tool: [
      call.function.name,
      call.function.arguments,
      (await say(tool, [...asked, called, result])).content,
    ],
    seen: (await say(says, [{ role: "user", content: picture }])).content,
    form: JSON.parse((await say(form, asked, { response_format: wanted })).content),
    vectors: embedded.data.map((item) => item.embedding),
  }),
);
