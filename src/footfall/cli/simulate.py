"""Make video to test with.

  scene   seeded people in a calibrated 3-D room: clip.mp4, truth.json (exact events), tracks.jsonl
  rtsp    a camera that loops files over RTSP, or a media server, with login and faults on demand
  pictures  pictures of people with exact boxes (COCO), to train detectors with

Examples:
  footfall simulate scene --out lobby --people 12 --seconds 60 --seed 7
  footfall run lobby/clip.mp4 --line hall=0.1,0.6,0.9,0.6 --media-time > events.jsonl
  footfall simulate rtsp shop.mp4 --port 8554 --user viewer --password secret
  footfall simulate rtsp shop.mp4 --fault 20s:cut,40s:freeze:10s
  footfall simulate rtsp --media clips          # rtsp://127.0.0.1:554/media/shop.mkv plays clips/shop.mkv
  footfall simulate pictures people --count 2000 --seed 7
  footfall simulate pictures people --count 2000 --size 640x360 --backdrops empty-scenes
"""

from __future__ import annotations

import argparse
import sys
from math import radians
from pathlib import Path

from footfall.cli.bars import progress_bar
from footfall.cli.numbers import above_zero, size, whole
from footfall.core.errors import ConfigError, Problem
from footfall.simulator.pictures import PicturesSpec, write_pictures
from footfall.simulator.rtsp import LIVE555_PORTS, Login, RtspOptions, run_rtsp
from footfall.simulator.scene import SceneFiles, SceneSpec, write_scene
from footfall.simulator.story import STORIES
from footfall.spatial.ground import Camera

PICTURES_HELP = """Draw pictures of people with exact boxes, every one of another place, camera, light and crowd.

Streets, squares, halls, shops and offices; queues, crowds, people who sit, bend, push prams or stand far away; night,
fog and cheap cameras; one in eight is empty. annotations.json is COCO's, with full_bbox, foot, head and visibility for
every person; who can hardly be seen is marked iscrowd. Run it again to go on where it stopped, or to add more.

Examples:
  footfall simulate pictures people --count 2000 --seed 7
  footfall simulate pictures people --count 5000 --seed 7      # adds 3000 to the same set
  footfall simulate pictures wide --count 500 --size 640x360 --backdrops empty-scenes
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="scene|rtsp|pictures")
    add_scene_arguments(kinds.add_parser("scene", help="a synthetic clip with exact truth"))
    add_rtsp_arguments(kinds.add_parser("rtsp", help="a camera that loops files"))
    add_pictures_arguments(
        kinds.add_parser(
            "pictures",
            help="pictures of people with exact boxes",
            description=PICTURES_HELP,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    )


def add_scene_arguments(scene: argparse.ArgumentParser) -> None:
    """Options of a scene."""
    scene.add_argument("--out", required=True, type=Path, metavar="FOLDER|X.mp4", help="where to write it")
    scene.add_argument("--story", default="lobby", choices=sorted(STORIES), help="what happens (default lobby)")
    scene.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed gives the same clip and truth")
    scene.add_argument("--people", type=int, default=8, metavar="N", help="how many (default 8)")
    scene.add_argument("--seconds", type=float, default=20.0, metavar="S", help="how long (default 20)")
    scene.add_argument("--fps", type=float, default=15.0, metavar="F", help="frames a second (default 15)")
    scene.add_argument("--size", type=size, default=(960, 540), metavar="WxH", help="in pixels (default 960x540)")
    scene.add_argument("--height", type=float, default=3.2, metavar="M", help="camera height in metres")
    scene.add_argument("--tilt", type=float, default=65.0, metavar="DEG", help="camera tilt from straight down")
    scene.add_argument("--focal", type=float, default=0.8, metavar="F", help="focal length in picture widths")
    scene.add_argument("--night", action="store_true", help="little light and much noise")


def add_rtsp_arguments(rtsp: argparse.ArgumentParser) -> None:
    """Options of a camera."""
    rtsp.add_argument("files", nargs="*", type=Path, metavar="FILE", help="H.264 or H.265 video, played at /live")
    rtsp.add_argument(
        "--media", type=Path, metavar="FOLDER", help="play any .mkv, .ts, .264 or .mp4 of a folder at /media/<file>"
    )
    rtsp.add_argument("--loop", choices=("on", "off"), default="on", help="off: each ends with its file")
    rtsp.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="0.0.0.0: reachable from other machines")
    rtsp.add_argument(
        "--port", type=whole(0, 65535), metavar="N", help="0: a free one; default 8554, with --media 554, else 8554"
    )
    rtsp.add_argument("--user", metavar="U", help="ask for a login")
    rtsp.add_argument("--password", metavar="P", help="of that user")
    rtsp.add_argument("--digest", action="store_true", help="ask for digest instead of basic login")
    rtsp.add_argument(
        "--fault", default="", metavar="PLAN", help="such as 20s:cut,40s:freeze:10s (cut|freeze|drip|refuse)"
    )
    rtsp.add_argument(
        "--seconds", type=above_zero, metavar="S", help="stop after S seconds (default: run until Ctrl-C)"
    )
    rtsp.add_argument(
        "--clock", type=float, default=0.0, metavar="S", help="the camera's clock is S seconds ahead, as RTCP tells it"
    )


def add_pictures_arguments(pictures: argparse.ArgumentParser) -> None:
    """Options of a set of pictures."""
    pictures.add_argument("out", type=Path, metavar="FOLDER", help="where NNNNNN.jpg and annotations.json go")
    pictures.add_argument("--count", type=int, required=True, metavar="N", help="how many pictures the set has")
    pictures.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed gives the same bytes")
    pictures.add_argument("--size", type=size, metavar="WxH", help="default: by lot, 416 pixels on the longer side")
    pictures.add_argument(
        "--backdrops", type=Path, metavar="FOLDER", help="real pictures without people, for half of the set"
    )


def main(args: argparse.Namespace) -> int:
    """Simulate."""
    return {"scene": simulate_scene, "rtsp": simulate_rtsp, "pictures": simulate_pictures}[args.kind](args)


def simulate_pictures(args: argparse.Namespace) -> int:
    """Draw what is missing of a set, with progress on standard error."""
    spec = PicturesSpec(args.count, args.seed, args.size, args.backdrops)
    with progress_bar() as bar:
        task = bar.add_task("drawing", total=spec.count)
        truth = write_pictures(spec, args.out, lambda done, _total: bar.update(task, completed=done))
    print(truth)  # noqa: T201
    return 0


def simulate_scene(args: argparse.Namespace) -> int:
    """Write a scene, with progress on standard error."""
    spec = SceneSpec(
        story=args.story,
        seed=args.seed,
        people=args.people,
        duration_s=args.seconds,
        fps=args.fps,
        size_px=args.size,
        camera=Camera(args.height, args.focal, radians(args.tilt)),
        night=args.night,
    )
    with progress_bar() as bar:
        task = bar.add_task("drawing", total=spec.frames)
        truth = write_scene(spec, args.out, lambda done, _total: bar.update(task, completed=done))
    files = SceneFiles.at(args.out)
    print(files.clip, files.truth, files.tracks, sep="\n")  # noqa: T201
    regions = " ".join(f"'{argument}'" for argument in truth.regions.arguments())
    print(f"footfall run {files.clip} {regions}", file=sys.stderr)  # noqa: T201
    return 0


def simulate_rtsp(args: argparse.Namespace) -> int:
    """Serve until the time is over or the user interrupts."""
    if (args.user is None) != (args.password is None):
        what, cure = "one of them is missing", "give both, or neither for a camera without login"
        raise ConfigError([Problem("command line", "--user/--password", what, cure)])
    if bool(args.files) == (args.media is not None):
        raise ConfigError([Problem("command line", "FILE/--media", "give one of them", "files, or --media FOLDER")])
    login = Login(args.user, args.password, args.digest) if args.user is not None else None
    default = (8554,) if args.media is None else LIVE555_PORTS
    options = RtspOptions(
        tuple(args.files),
        args.media,
        args.loop == "on",
        args.host,
        default if args.port is None else (args.port,),
        login,
        args.fault,
        args.seconds,
        args.clock,
    )
    run_rtsp(options, lambda text: print(text, flush=True))  # noqa: T201
    return 0
