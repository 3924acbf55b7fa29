#!/usr/bin/perl

# Whatever merchants and shoppers write is text on a page: an HTML parser that
# is not ours finds the same elements and attributes as with harmless words,
# and the words themselves, byte for byte.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use File::Temp qw(tempfile);
use JSON::PP ();
use Test::More;

my $ROUNDS = 40;

my $t = Carrierpay::Test->start(sms => 1,
    http => 'carrierpay_smtp host=127.0.0.1 port=1 tls=off'
            . ' from=receipts@pay.example;');
my $json = JSON::PP->new->utf8->canonical;

# Returns the elements with the names of their attributes, the text, and the
# values of attributes.

my $parser = <<'END';
import html.parser, json, sys

class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text, self.values = [], '', []

    def handle_starttag(self, tag, attrs):
        self.tags.append([tag] + [name for name, value in attrs])
        self.values += [value or '' for name, value in attrs]

    def handle_endtag(self, tag):
        self.tags.append(['/' + tag])

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        self.tags.append(['!', data])

    def handle_pi(self, data):
        self.tags.append(['?', data])

found = []

for page in json.load(open(sys.argv[1], encoding='utf-8')):
    reader = Reader()
    reader.feed(page)
    reader.close()
    found.append([reader.tags, reader.text, reader.values])

print(json.dumps(found))
END

my ($program, $program_name) = tempfile(UNLINK => 1);
print $program $parser;
close($program);

sub parse {
    my ($pages) = @_;
    my ($file, $name) = tempfile(UNLINK => 1);
    my @names = sort(keys(%$pages));
    my %found;

    binmode($file);
    print $file $json->encode([map {
        my $body = $pages->{$_}{body};
        utf8::decode($body) or die "$_ is not UTF-8\n";
        $body;
    } @names]);
    close($file);

    for my $found (@{ $json->decode(scalar(`python3 $program_name $name`)) }) {
        my ($tags, $text, $values) = @$found;

        $found{shift(@names)} = { tags => $json->encode($tags),
            text => $text, values => { map { $_ => 1 } @$values } };
    }

    return \%found;
}

sub form {
    my ($page, $name, %field) = @_;

    utf8::encode($_) for values(%field);

    return $t->submit($page, $name, \%field);
}

# What changes the direction of text is refused in a description, and left out
# of what a shopper types.

sub directed { return $_[0] =~ s/\x{202e}//gr }

# All pages that show these words. What a shopper types is cut off by the
# browser, not by us.

sub pages {
    my ($word) = @_;
    my %page;

    $t->sql('update carrierpay.merchant set name = ?, support = ?,'
            . ' terms_url = ?', $word, $word, "https://$word");

    my $payment = $t->create(description => directed($word));
    my ($token) = $payment->{next_action}{url} =~ m{/(cs_[^/]+)$};
    my $query = $word =~ s/([^A-Za-z0-9])/sprintf('%%%02X', ord($1) & 255)/ger;

    $page{number} = form($t->unknown($payment), 'number', number => $word,
                         country => $word);
    $page{reason} = $t->get($t->url('tls',
        "/pay/$token?n=x$query&c=$query&s=$query"));
    $page{raw} = $t->get($t->url('tls',
        '/pay/' . $token . '?n=x"><b>&c="><b>&s="><b>'));
    $page{barred} = $t->checkout($payment, msisdn => '33690001234');
    $page{confirm} = $t->checkout($payment, msisdn => '33600000051');
    $page{receipt} = $t->tap($page{confirm});
    $page{mail} = form($page{receipt}, 'mail', email => $word);
    $page{stop} = $t->get($t->url('tls', "/pay/$token/stop"));
    $page{stopped} = $t->submit($page{stop}, 'stop');
    $t->sql('delete from carrierpay.block');

    return \%page;
}

my $harmless = pages('Harmless');
my $expected = parse($harmless);

my @pieces = ('<', '>', '"', "'", '&', '&lt;', '&#60;', '<script>', '</title>',
    '-->', '<!--', ']]>', '{{merchant}}', '{{&countries}}', '[[test]]', '}}',
    '{{', "\x{e9}", "\x{20ac}", "\x{202e}", ' onclick=', 'javascript:', '`',
    '=', '/', '\\', ' ', 'a', '%3C', '<img src=x onerror=alert(1)>', '</main>',
    '"><svg onload=alert(1)>', "'><a href='", '<plaintext>');

srand(4);

for my $round (1 .. $ROUNDS) {
    my $word = $round <= @pieces ? "x$pieces[$round - 1]y" : join('', 'x',
        map { $pieces[rand(@pieces)] } 1 .. 1 + rand(5)) . 'y';
    my $got = pages($word);
    my $parsed = parse($got);
    my @bad;

    for my $name (sort(keys(%$got))) {
        my $found = $parsed->{$name};

        push(@bad, "$name: $got->{$name}{status}")
            if $got->{$name}{status} != $harmless->{$name}{status};
        push(@bad, "$name: other elements")
            if $found->{tags} ne $expected->{$name}{tags};
        push(@bad, "$name: other words")
            if index($found->{text}, $word) < 0;
        push(@bad, "$name: another value")
            if $name =~ /^(number|mail)$/
               && !$found->{values}{directed($word)};
    }

    is(join(', ', @bad), '', "round $round: everything is escaped")
        or diag($json->encode([$word]));
}
