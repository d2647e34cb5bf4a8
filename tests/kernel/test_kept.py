"""What is made of a tuple is made once, as long as it is the same one."""

from marketwright.kernel.kept import kept_for_last


def test_a_tuple_is_asked_about_once_and_a_list_each_time():
    made = []

    @kept_for_last
    def lengths(whole, which):
        made.append(which)
        return [len(one) for one in whole]

    names, few = ("Ada", "Bo"), ["Cy"]
    others = (*names,)[:1] + names[1:]  # equal, and not the same
    assert lengths(names, "a") is lengths(names, "a")
    assert lengths(others, "a") == [3, 2]
    assert lengths(few, "a") == [2]
    few.append("Dora")
    assert lengths(few, "a") == [2, 4]
    assert lengths(names, "b") == [3, 2]
    assert made == ["a", "a", "a", "a", "b"]
