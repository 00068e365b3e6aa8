"""TensorFlow's start-up lines held back, every other line passed on."""

import contextlib
import os
import re
import sys
import tempfile
from collections.abc import Iterator

# What TensorFlow 2.20 and 2.21 write to file descriptor 2 on a machine without a GPU, when they
# are loaded, when they first compile with XLA, convert a model to LiteRT, or feed several devices.
NOISE = re.compile(
    r"oneDNN custom operations are on"
    r"|Could not find cuda drivers"
    r"|failed call to cuInit"
    r"|optimized to use available CPU instructions"
    r"|^To enable the following instructions"
    r"|All log messages before absl::InitializeLog"
    r"|Unable to register cu\w+ (plugin )?factory"
    r"|computation placer already registered"
    r"|^I\d{4} .*XLA service 0x\w+ initialized for platform"
    r"|^I\d{4} .*StreamExecutor \[\d+\]: Host"
    r"|disabling MLIR crash reproducer"
    r"|^I\d{4} .*Compiled cluster using XLA!"
    r"|tf_tfl_flatbuffer_helpers\.cc:\d+\] Ignored (output_format|drop_control_dependency)"
    r"|reader\.cc:\d+\] Reading (SavedModel|meta graph)"
    r"|MLIR V1 optimization pass is not enabled"
    r"|loader\.cc:\d+\] (Restoring SavedModel bundle|Running initialization op on SavedModel)"
    r"|loader\.cc:\d+\] SavedModel load for tags .*Status: success"
    r"|Created TensorFlow Lite XNNPACK delegate"
    r"|^I\d{4} .*Memory patch applied: M_TRIM_THRESHOLD"
    r"|Input of GeneratorDatasetOp::Dataset will not be optimized"
    # An epoch over several devices ends while the next batch is still asked for.
    r"|Local rendezvous is aborting with status: CANCELLED: Operation was cancelled"
    r"|^\s*\[\[\{\{node MultiDeviceIteratorGetNextFromShard\}\}\]\]"
    r"|^\s*$"
)


@contextlib.contextmanager
def quiet_start() -> Iterator[None]:
    """Hold back what is written to file descriptor 2, and replay all but known start-up noise.

    The environment variable `COURSE_VERBOSE=1` switches it off: should TensorFlow abort while
    its lines are held, its last words would be lost.

    Examples:
        >>> with quiet_start():
        ...     import numpy

    """
    if os.environ.get("COURSE_VERBOSE", "") not in ("", "0"):
        yield
        return
    # TensorFlow 2.20 also tells of every dataset that ends: level 1 leaves out information only.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)
            held.seek(0)
            for line in held.read().decode(errors="replace").splitlines():
                if not NOISE.search(line):
                    print(line, file=sys.stderr)
