"""Calls the server with the Python clients of OpenAI and Anthropic and prints what they saw.

Usage: clients.py SERVER_URL. The model of a call names the reply that the test has scripted for it.
"""

import json
import sys

import anthropic
import openai

URL = sys.argv[1]
KEY = "key-of-the-test"
MESSAGES = [{"role": "user", "content": "How is the weather?"}]
FAILURES = ["bad-request", "unauthorized", "limited", "broken", "reset-head", "html", "not-json", "empty-body"]


def openai_client(retries=0):
    return openai.OpenAI(api_key=KEY, base_url=f"{URL}/v1", max_retries=retries, timeout=20)


def anthropic_client(retries=0):
    return anthropic.Anthropic(api_key=KEY, base_url=URL, max_retries=retries, timeout=20)


def openai_create(model, retries=0, **options):
    return openai_client(retries).chat.completions.create(model=model, messages=MESSAGES, **options)


def anthropic_create(model, retries=0, **options):
    return anthropic_client(retries).messages.create(model=model, messages=MESSAGES, max_tokens=64, **options)


def dump(value):
    return None if value is None else value.model_dump(mode="json")


def openai_whole(model, **options):
    completion = openai_create(model, **options)
    choice = completion.choices[0]
    return {
        "id": completion.id,
        "request_id": completion._request_id,
        "text": choice.message.content,
        "refusal": choice.message.refusal,
        "reasoning": getattr(choice.message, "reasoning_content", None),
        "calls": [dump(call) for call in choice.message.tool_calls or []],
        "finish": choice.finish_reason,
        "usage": dump(completion.usage),
    }


def openai_streamed(model):
    """Puts the chunks together by hand, as the client leaves it to its users."""
    seen = {"text": "", "refusal": "", "reasoning": "", "calls": [], "finish": None, "usage": None, "deltas": 0}
    for chunk in openai_create(model, stream=True, stream_options={"include_usage": True}):
        seen["usage"] = dump(chunk.usage)
        for choice in chunk.choices:
            seen["finish"] = choice.finish_reason or seen["finish"]
            seen["text"] += choice.delta.content or ""
            seen["refusal"] += choice.delta.refusal or ""
            seen["reasoning"] += getattr(choice.delta, "reasoning_content", None) or ""
            seen["deltas"] += bool(choice.delta.content)
            for call in choice.delta.tool_calls or []:
                if call.index == len(seen["calls"]):
                    seen["calls"].append({"id": call.id, "name": call.function.name, "arguments": ""})
                seen["calls"][call.index]["arguments"] += call.function.arguments
    return seen


def anthropic_message(message):
    return {
        "id": message.id,
        "blocks": [dump(block) for block in message.content],
        "stop": message.stop_reason,
        "usage": dump(message.usage),
    }


def anthropic_whole(model, **options):
    message = anthropic_create(model, **options)
    return anthropic_message(message) | {"request_id": message._request_id}


def anthropic_streamed(model):
    """Has the client itself put the events together."""
    with anthropic_client().messages.stream(model=model, messages=MESSAGES, max_tokens=64) as stream:
        return anthropic_message(stream.get_final_message())


def error(call):
    """Returns the error of a call that must fail, with the classes it belongs to."""
    try:
        value = call()
    except Exception as error:
        response = getattr(error, "response", None)
        return {
            "classes": [cls.__name__ for cls in type(error).__mro__],
            "status": getattr(error, "status_code", None),
            "code": getattr(error, "code", None),
            "retry_after": response.headers.get("retry-after") if response is not None else None,
            "message": str(error),
        }
    return {"classes": [], "value": repr(value)}


def openai_broken(model):
    """Reads a stream until it breaks."""
    text = ""

    def read():
        nonlocal text
        for chunk in openai_create(model, stream=True):
            text += chunk.choices[0].delta.content or ""

    return error(read) | {"text": text}


def anthropic_broken(model):
    text = ""

    def read():
        nonlocal text
        for event in anthropic_create(model, stream=True):
            if event.type == "content_block_delta":
                text += event.delta.text

    return error(read) | {"text": text}


def seen_by(whole, streamed, create, broken):
    return {
        "whole": {model: whole(model) for model in ["text", "tools", "reasoning", "refusal"]},
        "streamed": {model: streamed(model) for model in ["text", "cut", "tools", "reasoning", "refusal"]},
        "failed": {model: error(lambda: create(model)) for model in FAILURES},
        "broken": {model: broken(model) for model in ["error", "reset", "hangup"]},
        "retried": whole("limited-once", retries=2),
    }


print(json.dumps({
    "openai": seen_by(openai_whole, openai_streamed, openai_create, openai_broken),
    "anthropic": seen_by(anthropic_whole, anthropic_streamed, anthropic_create, anthropic_broken),
}))
