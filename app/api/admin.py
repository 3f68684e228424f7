"""What only the operator may ask for; it is not there unless there are keys for it."""

from dataclasses import asdict

from fastapi import APIRouter, Depends, Request

from app.api.openapi import RELOAD_EXAMPLE, answers
from app.api.schemas import BundleFault, FormFault, ModelVersion, Reload
from app.http.authentication import admin_only
from app.http.bodies import check_coding
from app.http.paths import RELOAD_PATH
from app.inference.reload import Reloader


async def no_coding(request: Request) -> None:
    """A dependency of endpoints whose body is not read."""
    check_coding(request.scope)


router = APIRouter(dependencies=[Depends(admin_only), Depends(no_coding)])


@router.post(
    RELOAD_PATH,
    tags=["admin"],
    summary="Open the bundles that are new or changed",
    responses=answers(RELOAD_EXAMPLE, 401, 415, 503),
)
async def reload(request: Request) -> Reload:
    """
    Reads the folder of bundles again, without an interruption.

    What is new or changed is opened beside what answers, tested on its verification examples, and
    then takes its place; the version before can still be asked for as `name@version`. A bundle that
    is broken leaves the one before as it was and is among the `errors`. Lists of values are read
    again with the models, in the same way. With several workers the answer is that of one; the
    others do the same within seconds.
    """
    reloader: Reloader = request.app.state.reloader
    changes = await reloader.reload()
    reloader.tell_others()
    return Reload(
        loaded=[
            ModelVersion(
                name=model.manifest.name,
                version=model.manifest.version,
                lists=model.lists.version if model.lists else None,
            )
            for model in changes.loaded
        ],
        unloaded=changes.unloaded,
        errors=[BundleFault(**asdict(fault)) for fault in changes.errors],
        form_errors=[FormFault(**asdict(fault)) for fault in changes.form_errors] or None,
    )
