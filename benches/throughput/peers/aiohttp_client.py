"""The job as a script that people write for it: aiohttp, some workers, no journal, no resume, no limits.

Usage: aiohttp_client.py URL ROWS.csv [WORKERS]
"""

import asyncio
import csv
import functools
import json
import sys

import aiohttp

HEADERS = {"Authorization": "Bearer bench"}


async def call(session, path, body):
    async with session.post(path, json=body, headers=HEADERS) as answer:
        answer.raise_for_status()
        found = await answer.json()
    if found["status"] != 1:
        raise RuntimeError(f"the call was refused: {found}")
    return found


async def work(session, rows):
    for row in rows:
        created = await call(session, "/api/task/do_add", {
            "business_id": int(row["business_id"]), "out_task_num": row["out_task_num"],
            "out_task_type": row["kind"], "task_type": row["task_type"], "task_notify": row["notify"] == "true",
            "task_remark": row["remark"], "branch_code": row["branch"], "business_code": row["unit"],
            "room_type": "realtime", "video": True,
        })
        task = created["info"]["task_num"]
        await call(session, "/api/task/service/do_add", {
            "task_num": task, "business_code": row["unit"], "branch_code": row["branch"], "emp_id": row["emp_id"],
        })
        await call(session, "/api/task/customer/do_add", {
            "task_num": task,
            "customer": [{
                "customer_title": row["title"], "customer_name": row["name"], "customer_id_num": row["id_num"],
                "customer_country_code": row["country"], "customer_phone": row["phone"],
                "customer_email": row["email"],
            }],
        })


async def main(url, path, workers):
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        connector = aiohttp.TCPConnector(limit=workers)
        # Without blanks, as the other clients write it.
        write = functools.partial(json.dumps, separators=(",", ":"))
        async with aiohttp.ClientSession(url, connector=connector, json_serialize=write) as session:
            await asyncio.gather(*(work(session, rows) for _ in range(workers)))


asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 16))
