package Carrierpay::Admin::Incident;

# What an operator has said of a payment or a payout and cannot be true beside
# what is recorded.

use strict;
use warnings;

use Carrierpay::Admin qw(%option fail rows);
use Carrierpay::Admin::Database qw(cells database in_cell table);
use Carrierpay::Admin::Id qw(public_id);
use Exporter qw(import);

our @EXPORT_OK = qw(incident_list incident_resolve open_incidents);

# The open ones, as incident_list() prints them.

sub open_incidents {
    return map { $_->[1] = public_id(pop @$_, $_->[1]); $_ } table(q{
        select id, payment_id, kind,
               to_char(to_timestamp(at / 1000.0) at time zone 'UTC',
                       'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
               concat_ws(' ', coalesce(recorded, 'nothing'),
                         recorded_reference),
               coalesce(operator, 'no operator'),
               concat_ws(' ', said, code, reference),
               case when exists (select from payout p where p.id = payment_id)
               then 'out_' else 'pay_' end
          from incident where resolved_at is null order by id});
}

sub incident_list {
    return rows([qw(incident payment kind since recorded operator said)],
                open_incidents());
}

sub incident_resolve {
    my ($id) = @_;
    my $owner = $option{owner}
        // fail('--owner is missing: see carrierpay-admin help incident');

    fail("\"$id\" is not an incident: see \"incident list\"")
        if $id !~ /^[0-9]{1,18}$/;
    fail('--cell is missing: incidents have numbers in each')
        if cells() > 1 && !defined $option{cell};

    in_cell($option{cell}) if defined $option{cell};

    my $done = database()->do('update incident set resolved_at = now_ms(),'
        . ' owner = ? where id = ? and resolved_at is null', undef, $owner,
        $id);

    fail("no open incident $id: see \"incident list\"") if $done == 0;

    return 0;
}

1;
