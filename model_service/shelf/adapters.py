"""LoRA adapters of a loaded model: brought in when first asked for, chosen for each row of a step."""

from pathlib import Path
from typing import Any

from peft import LoraConfig, PeftModel
from safetensors import SafetensorError

from model_service.errors import NotServable


class Adapters:
    """Of one model. peft keeps adapters as submodules, whose names allow no dot: so each gets a plain one of ours."""

    def __init__(self) -> None:
        self._plain: dict[str, str] = {}
        self._count = 0

    def plain_name(self, name: str) -> str | None:
        return self._plain.get(name)

    def load(self, model: Any, name: str, folder: Path) -> Any:
        """The model with this adapter; it may be another object than before. Raises `NotServable`."""
        plain = f"adapter_{self._count}"
        try:
            config = LoraConfig.from_pretrained(str(folder))
            config.task_type = None  # so that peft wraps it plainly, whatever the model's kind
            config.inference_mode = True
            if isinstance(model, PeftModel):
                model.load_adapter(str(folder), adapter_name=plain, is_trainable=False)
            else:
                model = PeftModel.from_pretrained(model, str(folder), adapter_name=plain, config=config)
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
            raise NotServable(f"The adapter {name!r} does not fit this model: {error}") from error
        self._count += 1
        self._plain[name] = plain
        return model.eval()

    def forget(self, model: Any, name: str) -> Any:
        """The model without this adapter; without any, it is the library's own again."""
        plain = self._plain.pop(name)
        if not self._plain:
            return model.unload()
        model.delete_adapter(plain)
        model.set_adapter(next(iter(self._plain.values())))  # peft wants one to be active; the rows say which they use
        return model
