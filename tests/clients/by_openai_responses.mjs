// openai, for Node.js, by its newer API. Told as by_openai.mjs tells it.
import OpenAI from "openai";

const { says, tool, form, question, pictureUrl, schema } = JSON.parse(process.env.ASKED);
const client = new OpenAI({
  baseURL: `${process.env.PARLEY_URL}/v1`,
  apiKey: process.env.PARLEY_KEY,
  maxRetries: 0,
});

async function say(model, input, fields = {}) {
  return (await client.responses.create({ model, input, ...fields })).output_text;
}

const asked = [{ role: "user", content: question }];
const parameters = { type: "object", properties: { query: { type: "string" } } };
const tools = [{ type: "function", name: "lookup", parameters, strict: false }];
const called = await client.responses.create({ model: tool, input: asked, tools });
const call = called.output.find((item) => item.type === "function_call");
const result = {
  type: "function_call_output",
  call_id: call.call_id,
  output: `found ${JSON.parse(call.arguments).query}`,
};
const pieces = [];
const stream = await client.responses.create({ model: says, input: question, stream: true });
for await (const event of stream) {
  if (event.type === "response.output_text.delta") pieces.push(event.delta);
}
const picture = [
  { type: "input_text", text: question },
  { type: "input_image", image_url: pictureUrl, detail: "auto" },
];
const text = { format: { type: "json_schema", name: "animal", schema, strict: true } };

console.log(
  JSON.stringify({
    whole: await say(says, asked),
    stream: pieces,
    tool: [call.name, call.arguments, await say(tool, [...asked, ...called.output, result], { tools })],
    seen: await say(says, [{ role: "user", content: picture }]),
    form: JSON.parse(await say(form, asked, { text })),
  }),
);
