"""Servers that stand for object storage, each with a bucket called shop."""

import contextlib
import logging
import os
import pathlib
import socket
import subprocess
import time

import boto3
from azure.core.exceptions import AzureError
from azure.storage.blob import BlobServiceClient
from moto.server import ThreadedMotoServer

logging.getLogger("werkzeug").setLevel(logging.ERROR)

FOLDER = pathlib.Path(__file__).resolve().parent
# The account that is built into Azurite, and known to everybody.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


class Store:
    """Where files are: the beginning of their addresses, the variables that open it, and how one gets there."""

    def __init__(self, address, variables, upload):
        self.address, self.variables, self.upload = address, variables, upload


@contextlib.contextmanager
def s3(endpoint=None):
    """An S3-compatible server: that at the endpoint, or else moto's."""
    with _moto() if endpoint is None else contextlib.nullcontext(endpoint) as endpoint:
        client, variables = _s3_client(endpoint)
        client.create_bucket(Bucket="shop")
        yield Store("s3://shop", variables, lambda path, key: client.upload_file(str(path), "shop", key))


@contextlib.contextmanager
def google():
    """Google's storage, asked by its XML interface, which is that of S3: so moto's server can stand for it."""
    with _moto() as endpoint:
        client, _ = _s3_client(endpoint)
        # What everybody may read needs no proof of who asks, which only Google can check.
        public = {"ACL": "public-read"}
        client.create_bucket(Bucket="shop", **public)
        variables = {"GOOGLE_BASE_URL": endpoint, "GOOGLE_SKIP_SIGNATURE": "true", "GOOGLE_ALLOW_HTTP": "true"}
        yield Store("gs://shop", variables, lambda path, key: client.upload_file(str(path), "shop", key, public))


@contextlib.contextmanager
def azure():
    """Azure's storage, by Azurite."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [FOLDER / "node_modules/.bin/azurite-blob", "--inMemoryPersistence", "--skipApiVersionCheck"]
    command += ["--silent", "--disableTelemetry", "--blobHost", "127.0.0.1", "--blobPort", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        endpoint = f"http://127.0.0.1:{port}/{ACCOUNT}"
        service = BlobServiceClient(endpoint, credential={"account_name": ACCOUNT, "account_key": KEY}, retry_total=0)
        for attempt in range(150):
            try:
                container = service.create_container("shop")
                break
            except AzureError:
                if attempt == 149:
                    raise
                time.sleep(0.2)
        variables = {
            "AZURE_STORAGE_ACCOUNT_NAME": ACCOUNT,
            "AZURE_STORAGE_ACCOUNT_KEY": KEY,
            "AZURE_STORAGE_ENDPOINT": endpoint,
            "AZURE_ALLOW_HTTP": "true",
        }
        yield Store("az://shop", variables, lambda path, key: container.upload_blob(key, pathlib.Path(path).read_bytes()))
    finally:
        server.terminate()
        server.wait()


@contextlib.contextmanager
def _moto():
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    moto.start()
    host, port = moto.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        moto.stop()


def _s3_client(endpoint):
    variables = {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": os.environ.get("AWS_ACCESS_KEY_ID", "test"),
        "AWS_SECRET_ACCESS_KEY": os.environ.get("AWS_SECRET_ACCESS_KEY", "test"),
    }
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
    )
    return client, variables
