"""The main function of the process that writes networks."""

import traceback
from multiprocessing.connection import Connection

from wganstudio.experiment import BadExperiment, trusted_code
from wganstudio.training.failures import explain
from wganstudio.training.network_export import NetworkRequest, NetworksFailed
from wganstudio.training.signals import leave_to_parent


def serve(pipe: Connection, request: NetworkRequest) -> None:
    """Write the networks, and tell the parent how far it is; the main function of the process."""
    leave_to_parent()
    trusted_code.adopt(request.consent)
    from wganstudio.training.network_files import write_networks  # imports torch

    try:
        for message in write_networks(request):
            pipe.send(message)
    except BadExperiment as error:
        pipe.send(NetworksFailed(str(error)))
    except OSError as error:
        reason = error.strerror or str(error)
        pipe.send(
            NetworksFailed(f"{request.folder} could not be written to: {reason}; choose another folder.")
        )
    except Exception as error:
        pipe.send(NetworksFailed(explain(error, "The export"), traceback.format_exc()))
