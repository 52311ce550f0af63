"""`allow_code`: consent to code of the user's that an experiment or a session names."""

from wganstudio.experiment import trusted_code


def allow_code(name: str) -> None:
    """Let runs of this process import a module, or run a TorchScript file.

    The critic and the generator of kind `own` are code. `run` takes what its own call names, such as
    ``**{"critic.module": "my_critics:Critic"}``, as consent. What a TOML file, a preset or a session names is
    run after this call alone. The consent is to the present content, and ends with the process.

    Parameters
    ----------
    name : str
        A module, such as ``my_critics``, or the path of a TorchScript file.

    Raises
    ------
    BadExperiment
        If there is no such module or file.
    """
    trusted_code.allow(trusted_code.code_name(name))
