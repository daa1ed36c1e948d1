"""Databases that are asked exported queries: DuckDB, and PostgreSQL where it is installed."""

import contextlib
import csv
import glob
import io
import os
import pathlib
import shutil
import subprocess
import tempfile


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def kinds(rows):
    """The columns, and the type of each: text as soon as one cell is a text."""
    is_text = {column: any(isinstance(row[column], str) and row[column] != "" for row in rows) for column in rows[0]}
    return {column: "VARCHAR" if text else "DOUBLE PRECISION" for column, text in is_text.items()}


class DuckDb:
    name = "DuckDB"

    def ask(self, query, rows):
        import duckdb

        columns = kinds(rows)
        with duckdb.connect() as connection:
            declared = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns.items())
            connection.execute(f"CREATE TABLE customers ({declared})")
            cells = [[None if cell == "" else cell for cell in row.values()] for row in rows]
            places = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT INTO customers VALUES ({places})", cells)
            found = connection.execute(query)
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


class PostgreSql:
    """A server of its own, which is reached by a socket in its folder only."""

    name = "PostgreSQL"

    def __init__(self, bin_folder):
        self.bin = bin_folder
        self.folder = tempfile.mkdtemp(prefix="segmenta-pg-")
        self.options = {}
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root.
            self.options = {"user": "nobody"}
            shutil.chown(self.folder, "nobody")
        self.run("initdb", "-D", f"{self.folder}/data", "--auth", "trust", "-U", "segmenta", "--no-sync")
        listen = f"-c listen_addresses='' -k {self.folder} -c fsync=off"
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-w", "-o", listen, "-l", f"{self.folder}/log", "start")

    def run(self, program, *args, **more):
        command = [os.path.join(self.bin, program), *args]
        ran = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, **self.options, **more)
        if ran.returncode != 0:
            raise RuntimeError(f"{program} ended with {ran.returncode}:\n{ran.stderr}{ran.stdout}")
        return ran.stdout

    def ask(self, query, rows):
        columns = kinds(rows)
        declared = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns.items())
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        for row in rows:
            writer.writerow(row.values())
        script = "DROP TABLE IF EXISTS customers;\n"
        script += f"CREATE TABLE customers ({declared});\n"
        script += f"COPY customers FROM STDIN WITH (FORMAT csv, NULL '');\n{text.getvalue()}\\.\n"
        connect = ["-h", self.folder, "-U", "segmenta", "-v", "ON_ERROR_STOP=1", "-q", "--csv", "postgres"]
        self.run("psql", *connect, input=script)
        return list(csv.DictReader(io.StringIO(self.run("psql", *connect, input=query + ";"))))

    def stop(self):
        with contextlib.suppress(RuntimeError):
            self.run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def postgresql_folder():
    """Where the programs of PostgreSQL are; none where it is not installed."""
    on_path = shutil.which("initdb")
    folders = [os.path.dirname(os.path.realpath(on_path))] if on_path else []
    folders += sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)
    return next((folder for folder in folders if (pathlib.Path(folder) / "initdb").exists()), None)


STARTED = []


def found():
    """The databases of this machine. They are started once."""
    if not STARTED:
        STARTED.append(DuckDb())
        folder = postgresql_folder()
        if folder:
            STARTED.append(PostgreSql(folder))
        else:
            print("PostgreSQL is not asked: it is not installed here")
    return STARTED


def stop():
    for database in STARTED:
        if isinstance(database, PostgreSql):
            database.stop()
