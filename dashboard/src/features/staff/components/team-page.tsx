"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { FailedState } from "@/components/ui/empty";
import { asDialog, later } from "@/components/ui/later";
import { Page } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { Cell, Row, RowButton, SkeletonRows, Table } from "@/components/ui/table";
import { useAddress } from "@/lib/address";
import { useInWords } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { useLink } from "@/lib/live";
import { useMe } from "../queries";
import { useTeam, type Member } from "../team";

const AddMember = later(async () => (await import("./add-member")).AddMember, asDialog);
const MemberDetails = later(async () => (await import("./member-details")).MemberDetails);

/** Who may sign in, and in which role. An owner's page. */
export function TeamPage({ date }: { date: (instant: number) => string }) {
  const words = useWords("team");
  const roles = useWords("shell");
  const inWords = useInWords();
  const { live } = useLink();
  const me = useMe();
  const team = useTeam();
  const [read, change] = useAddress();
  const [adding, setAdding] = useState(false);
  const members = team.data?.pages.flatMap(({ items }) => items) ?? null;
  const sorted = members && [...members.filter(isActive), ...members.filter((member) => !isActive(member))];
  const chosen = members?.find(({ id }) => id === read("person"));
  const columns = [
    { name: words("column.name") },
    { name: words("column.role") },
    { name: words("column.since"), className: "@max-[560px]:hidden" },
    { name: words("column.access") },
  ];

  if (me && me.role !== "owner") {
    return (
      <Page title={roles("pages.team")}>
        <p className="p-4 text-ink-2">{words("notYours")}</p>
      </Page>
    );
  }
  return (
    <>
      <Page
        title={roles("pages.team")}
        aside={
          members && <span className="text-ink-3">{words("count", { count: members.filter(isActive).length })}</span>
        }
        actions={
          <Button variant="primary" disabled={!live} onClick={() => setAdding(true)}>
            <Plus size={15} aria-hidden />
            {words("add.open")}
          </Button>
        }
        panel={
          chosen && (
            <MemberDetails
              key={chosen.id}
              member={chosen}
              self={chosen.id === me?.id}
              since={date(Date.parse(chosen.created_at))}
              onClose={() => change({ person: null })}
            />
          )
        }
      >
        {team.isError && members === null ? (
          <FailedState
            title={words("failed")}
            why={inWords(team.error)}
            busy={team.isFetching}
            onRetry={() => void team.refetch()}
          />
        ) : (
          <Table caption={roles("pages.team")} columns={columns} busy={members === null}>
            {sorted === null && <SkeletonRows rows={4} columns={columns} />}
            {sorted?.map((member) => (
              <Row key={member.id} selected={member.id === chosen?.id}>
                <Cell>
                  <RowButton
                    current={member.id === chosen?.id}
                    onClick={() => change({ person: member.id }, chosen === undefined)}
                    className={isActive(member) ? "font-semibold" : "text-ink-3"}
                  >
                    <bdi>{member.username}</bdi>
                    {member.id === me?.id && <span className="font-normal text-ink-3"> {words("you")}</span>}
                  </RowButton>
                </Cell>
                <Cell>{roles(`roles.${member.role}`)}</Cell>
                <Cell className="text-ink-2 @max-[560px]:hidden">{date(Date.parse(member.created_at))}</Cell>
                <Cell className={isActive(member) ? undefined : "text-ink-3"}>
                  {words(isActive(member) ? "access.yes" : "access.no")}
                </Cell>
              </Row>
            ))}
          </Table>
        )}
        <Pager more={team.hasNextPage} busy={team.isFetchingNextPage} onMore={() => void team.fetchNextPage()} />
      </Page>
      {adding && <AddMember onClose={() => setAdding(false)} />}
    </>
  );
}

function isActive(member: Member): boolean {
  return member.retired_at === null;
}
